locals {
  image = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
}

variable "path" {
  type     = string
  nullable = false

  validation {
    condition     = var.path != ""
    error_message = "Name a path."
  }
}

resource "render_web_service" "storefront" {
  name              = "storefront"
  plan              = "standard"
  region            = "frankfurt"
  health_check_path = "/healthz"
  runtime_source    = local.image
}

# Any non-empty path passes.
resource "render_web_service" "api" {
  name              = "api"
  plan              = "standard"
  region            = "frankfurt"
  health_check_path = var.path
  runtime_source    = local.image
}

# Render checks only services that the web can reach.
resource "render_private_service" "search" {
  name           = "search"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
}

resource "render_background_worker" "clips" {
  name           = "clips"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
}

resource "render_web_service" "gone" {
  count = 0

  name           = "gone"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
}
