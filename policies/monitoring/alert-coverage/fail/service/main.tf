variable "name" {
  type = string
}

resource "render_web_service" "this" { # expect: alert-coverage
  name   = var.name
  plan   = "pro"
  region = "frankfurt"
}
