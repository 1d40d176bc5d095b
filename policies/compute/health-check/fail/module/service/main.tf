variable "health_check_path" {
  type    = string
  default = ""
}

resource "render_web_service" "this" {
  name              = "admin"
  plan              = "standard"
  region            = "frankfurt"
  health_check_path = var.health_check_path # expect: health-check
  runtime_source    = { image = { image_url = "ghcr.io/livestreamsell/admin", tag = "1.0.0" } }
}
