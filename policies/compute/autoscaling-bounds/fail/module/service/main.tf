variable "min" {
  type = number
}

locals {
  scaling = {
    enabled  = true
    min      = var.min
    max      = 5
    criteria = { cpu = { enabled = true, percentage = 70 } }
  }
}

resource "render_web_service" "this" {
  name   = "shop"
  plan   = "standard"
  region = "frankfurt"

  # The whole object comes from the caller, so the finding is at the attribute.
  autoscaling = local.scaling # expect: autoscaling-bounds

  runtime_source = {
    image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" }
  }
}
