variable "name" {
  type = string
}

variable "watched" {
  type = string
}

resource "render_web_service" "storefront" {
  name   = "storefront"
  plan   = "pro"
  region = "frankfurt"
}

resource "render_web_service" "api" { # expect: alert-coverage
  name   = "api"
  plan   = "pro"
  region = "frankfurt"
}

resource "render_background_worker" "named_by_variable" { # expect-possible: alert-coverage
  name   = var.name
  plan   = "pro"
  region = "frankfurt"
}

resource "render_private_service" "known_to_an_alert_of_a_variable" { # expect-possible: alert-coverage
  name   = "ledger-eu"
  plan   = "pro"
  region = "frankfurt"
}

# Checked only with the option `cron`.
resource "render_cron_job" "nightly" {
  name     = "nightly"
  plan     = "starter"
  region   = "frankfurt"
  schedule = "0 3 * * *"
}

resource "grafana_rule_group" "services" {
  name             = "services"
  folder_uid       = "alerts"
  interval_seconds = 60

  rule {
    name      = "storefront is down"
    condition = "A"

    data {
      ref_id         = "A"
      datasource_uid = "prometheus"

      relative_time_range {
        from = 600
        to   = 0
      }

      # A path is not a service name, and an excluded service is not watched.
      model = jsonencode({
        expr = "rate(http_errors_total{service=\"storefront\", path=~\".*\", handler!=\"api\"}[5m]) > 1"
      })
    }
  }

  rule {
    name      = "service from a variable"
    condition = "A"

    data {
      ref_id         = "A"
      datasource_uid = "prometheus"

      relative_time_range {
        from = 600
        to   = 0
      }

      model = jsonencode({ expr = "absent(up{service=\"ledger-${var.watched}\"})" })
    }
  }
}

# Two calls of one module; an alert watches one of them.
module "shop" {
  source   = "./service"
  for_each = toset(["storefront", "checkout"])

  name = each.key
}
