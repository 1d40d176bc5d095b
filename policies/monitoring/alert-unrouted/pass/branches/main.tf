# One branch for one value: the default is intended for the rest.
resource "grafana_notification_policy" "all" {
  contact_point = "chat"
  group_by      = ["alertname"]

  policy {
    contact_point = "pager"

    matcher {
      label = "severity"
      match = "="
      value = "critical"
    }
  }
}
