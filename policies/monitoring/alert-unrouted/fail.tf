# Two branches with two labels; neither matches this label.
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

    matcher {
      label = "team"
      match = "="
      value = "web"
    }
  }

  policy {
    contact_point = "chat"

    matcher {
      label = "severity"
      match = "="
      value = "low"
    }

    matcher {
      label = "team"
      match = "="
      value = "data"
    }
  }
}

resource "grafana_rule_group" "shop" {
  name             = "shop"
  folder_uid       = "alerts"
  interval_seconds = 60

  rule {
    name      = "taken"
    condition = "A"
    labels    = { severity = "high", team = "web" }

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

  rule {
    name      = "another team"
    condition = "A"

    labels = {
      severity = "high"
      team     = "shop" # expect: alert-unrouted
    }

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

  rule {
    name      = "misspelt"
    condition = "A"
    labels    = { severity = "hihg", team = "web" } # expect: alert-unrouted

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

  rule {
    name      = "each is taken, but by another branch"
    condition = "A"
    labels    = { severity = "low", team = "web" } # expect: alert-unrouted

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

  rule {
    name      = "severity by a template, and no team"
    condition = "A"

    labels = { # expect: alert-unrouted
      severity = "{{ $labels.level }}"
    }

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
