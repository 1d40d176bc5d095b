variable "severity" {
  type = string
}

resource "grafana_contact_point" "pager" {
  name = "pager"

  email {
    addresses = ["pager@shop.invalid"]
  }
}

resource "grafana_notification_policy" "all" {
  contact_point = "mail"
  group_by      = ["alertname"]

  policy {
    contact_point = grafana_contact_point.pager.name

    matcher {
      label = "severity"
      match = "="
      value = "critical"
    }
  }

  policy {
    contact_point = "chat"

    matcher {
      label = "severity"
      match = "=~"
      value = "warning|info"
    }
  }
}

resource "grafana_rule_group" "api" {
  name             = "api"
  folder_uid       = "alerts"
  interval_seconds = 60

  rule {
    name      = "taken"
    condition = "A"
    labels    = { severity = "critical" }

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

    labels = {
      team     = "platform"
      severity = "criticl" # expect: alert-unrouted
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
    name      = "without the label"
    condition = "A"
    labels    = { team = "platform" } # expect: alert-unrouted

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

  rule { # expect: alert-unrouted
    name      = "without labels"
    condition = "A"

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
    name      = "by a variable"
    condition = "A"
    labels    = { severity = var.severity } # expect-possible: alert-unrouted

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
    name      = "has a contact point of its own"
    condition = "A"

    notification_settings {
      contact_point = "mail"
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

# The caller of a module sets the label.
module "taken" {
  source   = "./group"
  name     = "taken"
  severity = "warning"
}

module "misspelt" {
  source   = "./group"
  name     = "misspelt"
  severity = "warn"
}
