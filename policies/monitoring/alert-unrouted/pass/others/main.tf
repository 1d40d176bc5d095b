# A catch-all branch matches the rest.
resource "grafana_notification_policy" "all" {
  contact_point = "mail"
  group_by      = ["alertname"]

  policy {
    contact_point = "pager"

    matcher {
      label = "severity"
      match = "=~"
      value = "critical|high"
    }
  }

  policy {
    contact_point = "chat"

    matcher {
      label = "severity"
      match = "!~"
      value = "critical|high"
    }
  }
}
