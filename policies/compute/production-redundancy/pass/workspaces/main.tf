variable "least" {
  type = number
}

variable "standby" {
  type = bool
}

locals {
  image    = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
  criteria = { cpu = { enabled = true, percentage = 70 } }
}

resource "render_web_service" "scaled" {
  name           = "scaled"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = var.least
    max      = 5
    criteria = local.criteria
  }
}

resource "render_private_service" "fixed" {
  name           = "fixed"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  num_instances  = terraform.workspace == "staging" ? 1 : 2
}

resource "render_background_worker" "beta" {
  count = terraform.workspace == "staging" ? 1 : 0

  name           = "beta"
  plan           = "starter"
  region         = "frankfurt"
  runtime_source = local.image
}

# Cron jobs run once by design.
resource "render_cron_job" "settlement" {
  name           = "settlement"
  plan           = "starter"
  region         = "frankfurt"
  schedule       = "15 3 * * *"
  runtime_source = local.image
}

resource "render_postgres" "shop" {
  name                      = "shop"
  plan                      = "pro_8gb"
  region                    = "frankfurt"
  version                   = "17"
  high_availability_enabled = var.standby
}
