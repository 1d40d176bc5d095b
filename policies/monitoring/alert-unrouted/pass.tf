# One branch for one value: the default is intended for all others.
resource "grafana_notification_policy" "all" {
  contact_point = "mail"
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

resource "grafana_notification_policy" "none" {
  count = 0

  contact_point = "nowhere"
  group_by      = ["alertname"]
}

resource "grafana_rule_group" "shop" {
  name             = "shop"
  folder_uid       = "alerts"
  interval_seconds = 60

  rule {
    name      = "slow"
    condition = "A"
    labels    = { severity = "warning" }

    data {
      ref_id         = "A"
      datasource_uid = "prometheus"
      model          = jsonencode({ expr = "up == 0" })

      relative_time_range {
        from = 600
        to   = 0
      }
    }
  }
}
