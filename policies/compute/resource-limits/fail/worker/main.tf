variable "plan" {
  type    = string
  default = null
}

resource "render_background_worker" "this" {
  name           = "worker"
  plan           = var.plan # expect: resource-limits
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/livestreamsell/worker", tag = "1.0.0" } }
}
