locals {
  # The rule files are plain Prometheus rules, so that promtool can test them. Grafana evaluates them.
  files = [
    for file in fileset("${path.module}/rules", "*.yaml") : yamldecode(file("${path.module}/rules/${file}"))
  ]

  groups = merge([for file in local.files : { for group in file.groups : group.name => group }]...)
}

resource "grafana_rule_group" "prometheus" {
  for_each = local.groups

  name             = each.key
  folder_uid       = grafana_folder.this.uid
  interval_seconds = tonumber(trimsuffix(each.value.interval, "s"))

  dynamic "rule" {
    for_each = each.value.rules
    iterator = entry

    content {
      name           = try(entry.value.alert, entry.value.record)
      for            = try(entry.value.for, "0s")
      condition      = can(entry.value.alert) ? "FIRES" : null
      no_data_state  = can(entry.value.alert) ? "OK" : null
      exec_err_state = can(entry.value.alert) ? "Error" : null
      labels         = merge(try(entry.value.labels, {}), { environment = var.environment })
      annotations    = try(entry.value.annotations, {})

      data {
        ref_id         = "A"
        datasource_uid = grafana_data_source.prometheus.uid

        relative_time_range {
          from = 600
          to   = 0
        }

        model = jsonencode({
          refId   = "A"
          expr    = entry.value.expr
          instant = true
        })
      }

      # As in Prometheus, an alert fires for every series that its expression returns, whatever its value.
      dynamic "data" {
        for_each = can(entry.value.alert) ? [1] : []

        content {
          ref_id         = "FIRES"
          datasource_uid = "-100"

          relative_time_range {
            from = 0
            to   = 0
          }

          model = jsonencode({
            refId      = "FIRES"
            type       = "math"
            datasource = { type = "__expr__", uid = "-100" }
            expression = "is_number($A) || is_nan($A) || is_inf($A)"
          })
        }
      }

      dynamic "record" {
        for_each = can(entry.value.record) ? [entry.value.record] : []

        content {
          metric                = record.value
          from                  = "A"
          target_datasource_uid = grafana_data_source.prometheus.uid
        }
      }
    }
  }
}

# Alerts that apply to every service are generated from the list of services, so a new service has them at once.
resource "grafana_rule_group" "service" {
  for_each = var.services

  name             = "service ${each.key}"
  folder_uid       = grafana_folder.this.uid
  interval_seconds = 60

  rule {
    name           = "${each.key} is down"
    condition      = "C"
    for            = "3m"
    no_data_state  = "Alerting"
    exec_err_state = "Error"

    labels = {
      severity    = "critical"
      team        = "platform"
      service     = each.key
      environment = var.environment
    }

    annotations = {
      summary     = "No instance of ${each.key} has answered for three minutes"
      runbook_url = "${var.runbooks_url}/service-down"
    }

    data {
      ref_id         = "A"
      datasource_uid = grafana_data_source.prometheus.uid

      relative_time_range {
        from = 300
        to   = 0
      }

      model = jsonencode({
        refId   = "A"
        expr    = "sum(up{service=\"${each.value}\"})"
        instant = true
      })
    }

    data {
      ref_id         = "C"
      datasource_uid = "-100"

      relative_time_range {
        from = 0
        to   = 0
      }

      model = jsonencode({
        refId      = "C"
        type       = "threshold"
        datasource = { type = "__expr__", uid = "-100" }
        expression = "A"
        conditions = [{ evaluator = { type = "lt", params = [1] } }]
      })
    }
  }

  rule {
    name           = "${each.key} is near its memory limit"
    condition      = "C"
    for            = "10m"
    no_data_state  = "OK"
    exec_err_state = "Error"

    labels = {
      severity    = "warning"
      team        = "platform"
      service     = each.key
      environment = var.environment
    }

    annotations = {
      summary     = "An instance of ${each.key} has used more than 92 % of its memory for ten minutes"
      runbook_url = "${var.runbooks_url}/memory"
    }

    data {
      ref_id         = "A"
      datasource_uid = grafana_data_source.prometheus.uid

      relative_time_range {
        from = 900
        to   = 0
      }

      model = jsonencode({
        refId   = "A"
        instant = true
        expr    = <<-EOT
          max by (instance) (
            process_resident_memory_bytes{service="${each.value}"}
              / on (instance) container_memory_limit_bytes{service="${each.value}"}
          )
        EOT
      })
    }

    data {
      ref_id         = "C"
      datasource_uid = "-100"

      relative_time_range {
        from = 0
        to   = 0
      }

      model = jsonencode({
        refId      = "C"
        type       = "threshold"
        datasource = { type = "__expr__", uid = "-100" }
        expression = "A"
        conditions = [{ evaluator = { type = "gt", params = [0.92] } }]
      })
    }
  }
}
