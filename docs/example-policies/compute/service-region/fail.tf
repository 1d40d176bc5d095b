variable "region" {
  type = string
}

resource "render_web_service" "abroad" {
  name   = "api"
  plan   = "standard"
  region = "oregon" # expect: service-region
}

resource "render_web_service" "somewhere" {
  name   = "api"
  plan   = "standard"
  region = var.region # expect-possible: service-region
}
