locals {
  image = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
}

variable "path" {
  type = string
}

variable "checked" {
  type = bool
}

data "aws_ssm_parameter" "path" {
  name = "/shop/health-path"
}

resource "render_web_service" "unset" { # expect: health-check
  name           = "unset"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
}

resource "render_web_service" "null" {
  name              = "null"
  plan              = "standard"
  region            = "frankfurt"
  health_check_path = null # expect: health-check
  runtime_source    = local.image
}

resource "render_web_service" "empty" {
  name              = "empty"
  plan              = "standard"
  region            = "frankfurt"
  health_check_path = "" # expect: health-check
  runtime_source    = local.image
}

# Possible where a variable decides, undecided where only the provider knows.
resource "render_web_service" "given" {
  name              = "given"
  plan              = "standard"
  region            = "frankfurt"
  health_check_path = var.path # expect-possible: health-check
  runtime_source    = local.image
}

resource "render_web_service" "switched" {
  name              = "switched"
  plan              = "standard"
  region            = "frankfurt"
  health_check_path = var.checked ? "/healthz" : null # expect-possible: health-check
  runtime_source    = local.image
}

resource "render_web_service" "read" {
  name              = "read"
  plan              = "standard"
  region            = "frankfurt"
  health_check_path = data.aws_ssm_parameter.path.value # expect-undecided: health-check
  runtime_source    = local.image
}

module "admin" {
  source = "./module/service"
}
