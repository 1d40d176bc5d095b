resource "render_web_service" "at_home" {
  name   = "api"
  plan   = "standard"
  region = "frankfurt"
}
