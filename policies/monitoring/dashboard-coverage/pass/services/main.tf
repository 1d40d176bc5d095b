resource "render_web_service" "api" {
  name   = "api"
  plan   = "pro"
  region = "frankfurt"
}

resource "render_background_worker" "clips" {
  name   = "clips"
  plan   = "pro"
  region = "frankfurt"
}
