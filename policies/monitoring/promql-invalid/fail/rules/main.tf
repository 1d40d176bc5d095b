variable "threshold" {
  type = number
}

variable "expression" {
  type = string
}

resource "grafana_data_source" "metrics" {
  name = "metrics"
  type = "prometheus"
  url  = "https://metrics.invalid"
}

resource "grafana_data_source" "logs" {
  name = "logs"
  type = "loki"
  url  = "https://logs.invalid"
}

resource "grafana_rule_group" "api" {
  name             = "api"
  folder_uid       = "alerts"
  interval_seconds = 60

  rule {
    name      = "errors"
    condition = "B"

    data {
      ref_id         = "A"
      datasource_uid = grafana_data_source.metrics.uid

      relative_time_range {
        from = 600
        to   = 0
      }

      model = jsonencode({ # expect: promql-invalid
        refId = "A"
        expr  = "sum(rate(http_errors_total{service=\"api\"}[5m])"
      })
    }

    # a Grafana expression is not PromQL
    data {
      ref_id         = "B"
      datasource_uid = "-100"

      relative_time_range {
        from = 0
        to   = 0
      }

      model = jsonencode({ refId = "B", type = "math", expression = "$A > ((0" })
    }
  }

  rule {
    name      = "unknown part"
    condition = "A"

    data {
      ref_id         = "A"
      datasource_uid = grafana_data_source.metrics.uid

      relative_time_range {
        from = 600
        to   = 0
      }

      model = jsonencode({ expr = "up{service=\"api\"} < ${var.threshold}" })
    }
  }

  rule {
    name      = "logs"
    condition = "A"

    data {
      ref_id         = "A"
      datasource_uid = grafana_data_source.logs.uid

      relative_time_range {
        from = 600
        to   = 0
      }

      model = jsonencode({ expr = "count_over_time({app=\"api\"} |= \"error\" [5m])" })
    }
  }

  rule { # expect-undecided: promql-invalid
    name      = "unknown expression"
    condition = "A"

    data {
      ref_id         = "A"
      datasource_uid = "prometheus"

      relative_time_range {
        from = 600
        to   = 0
      }

      model = jsonencode({ expr = var.expression })
    }
  }
}

resource "grafana_dashboard" "queues" {
  config_json = jsonencode({ # expect: promql-invalid
    title         = "Queues"
    uid           = "queues"
    schemaVersion = 39
    panels = [{
      type       = "timeseries"
      datasource = { type = "prometheus", uid = "prometheus" }
      targets    = [{ expr = "max by queue (job_queue_depth)" }]
    }]
  })
}

# The whole dashboard, or query, is unknown.
variable "model" {
  type = string
}

resource "grafana_dashboard" "elsewhere" { # expect-undecided: promql-invalid
  config_json = var.model
}

resource "grafana_rule_group" "elsewhere" {
  name             = "elsewhere"
  folder_uid       = "alerts"
  interval_seconds = 60

  rule { # expect-undecided: promql-invalid
    name      = "whole"
    condition = "A"

    data {
      ref_id         = "A"
      datasource_uid = "prometheus"
      model          = var.model

      relative_time_range {
        from = 600
        to   = 0
      }
    }
  }
}

# The caller of a module sets the expression.
module "parsed" {
  source     = "./group"
  name       = "parsed"
  expression = "up == 0"
}

module "unparsed" {
  source     = "./group"
  name       = "unparsed"
  expression = "up == = 0"
}
