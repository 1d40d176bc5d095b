variable "name" {
  type = string
}

resource "render_web_service" "this" {
  name           = var.name
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/livestreamsell/admin", tag = "1.0.0" } }
}

output "host" {
  value = trimprefix(render_web_service.this.url, "https://")
}
