# Disabled rules are not evaluated.
resource "grafana_dashboard" "draft" {
  count = 0

  config_json = jsonencode({
    uid    = "draft"
    panels = [{ datasource = { type = "prometheus" }, targets = [{ expr = "up{" }] }]
  })
}

# Unknown which data source gets the query.
variable "uid" {
  type = string
}

resource "grafana_rule_group" "elsewhere" {
  name             = "elsewhere"
  folder_uid       = "alerts"
  interval_seconds = 60

  rule {
    name      = "errors in logs"
    condition = "A"

    data {
      ref_id         = "A"
      datasource_uid = var.uid
      model          = jsonencode({ expr = "count_over_time({app=\"api\"} |= \"error\" [5m])" })

      relative_time_range {
        from = 600
        to   = 0
      }
    }
  }
}
