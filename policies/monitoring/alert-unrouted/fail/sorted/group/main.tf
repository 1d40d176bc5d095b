variable "name" {
  type = string
}

variable "severity" {
  type = string
}

resource "grafana_rule_group" "this" {
  name             = var.name
  folder_uid       = "alerts"
  interval_seconds = 60

  rule {
    name      = "down"
    condition = "A"
    labels    = { severity = var.severity } # expect: alert-unrouted

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
