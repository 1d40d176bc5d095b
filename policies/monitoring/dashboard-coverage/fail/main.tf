resource "render_web_service" "storefront" {
  name   = "storefront"
  plan   = "pro"
  region = "frankfurt"
}

resource "render_web_service" "api" { # expect: dashboard-coverage
  name   = "api"
  plan   = "pro"
  region = "frankfurt"
}

variable "shown" {
  type = string
}

resource "render_background_worker" "clips" { # expect-possible: dashboard-coverage
  name   = "clips-eu"
  plan   = "pro"
  region = "frankfurt"
}

resource "grafana_dashboard" "clips" {
  config_json = jsonencode({
    uid = "clips"
    panels = [{
      datasource = { type = "prometheus" }
      targets    = [{ expr = "job_queue_depth{service=\"clips-${var.shown}\"}" }]
    }]
  })
}

resource "grafana_dashboard" "storefront" {
  config_json = file("${path.module}/storefront.json")
}

# Two calls of one module; a dashboard shows one of them. A third has count = 0.
module "shop" {
  source   = "./service"
  for_each = toset(["storefront", "checkout"])

  name = each.key
}

module "none" {
  source = "./service"
  count  = 0

  name = "none"
}
