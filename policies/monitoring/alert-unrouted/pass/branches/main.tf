# One branch for one text: all the rest is meant for the default.
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
