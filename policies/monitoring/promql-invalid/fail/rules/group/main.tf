variable "name" {
  type = string
}

variable "expression" {
  type = string
}

resource "grafana_rule_group" "this" {
  name             = var.name
  folder_uid       = "alerts"
  interval_seconds = 60

  rule {
    name      = "down"
    condition = "A"

    data {
      ref_id         = "A"
      datasource_uid = "prometheus"
      model          = jsonencode({ expr = var.expression }) # expect: promql-invalid

      relative_time_range {
        from = 600
        to   = 0
      }
    }
  }
}
