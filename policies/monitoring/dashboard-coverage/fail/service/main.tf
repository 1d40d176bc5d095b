variable "name" {
  type = string
}

resource "render_web_service" "this" { # expect: dashboard-coverage
  name   = var.name
  plan   = "pro"
  region = "frankfurt"
}
