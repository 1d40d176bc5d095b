variable "least" {
  type = number
}

variable "standby" {
  type = bool
}

variable "fixed" {
  type = number
}

locals {
  image    = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
  criteria = { cpu = { enabled = true, percentage = 70 } }
}

# One instance in production is a finding, one in staging is not.
resource "render_web_service" "scaled" {
  name           = "scaled"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = var.least # expect: production-redundancy
    max      = 5
    criteria = local.criteria
  }
}

# Autoscaling is off, so num_instances counts.
resource "render_web_service" "switched_off" {
  name           = "switched-off"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  num_instances  = 1 # expect: production-redundancy
  autoscaling = {
    enabled  = false
    min      = 2
    max      = 5
    criteria = local.criteria
  }
}

# Autoscaling is on, so num_instances does not count.
resource "render_private_service" "overridden" {
  name           = "overridden"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  num_instances  = 3
  autoscaling = {
    enabled  = true
    min      = 1 # expect: production-redundancy
    max      = 5
    criteria = local.criteria
  }
}

resource "render_background_worker" "unset" { # expect: production-redundancy
  name           = "unset"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
}

resource "render_background_worker" "unbounded" {
  name           = "unbounded"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = null # expect: production-redundancy
    max      = 5
    criteria = local.criteria
  }
}

# Null in production.
resource "render_background_worker" "given" {
  name           = "given"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  num_instances  = var.fixed # expect-possible: production-redundancy
}

resource "render_postgres" "silent" { # expect: production-redundancy
  name    = "silent"
  plan    = "pro_8gb"
  region  = "frankfurt"
  version = "17"
}

resource "render_postgres" "alone" {
  name                      = "alone"
  plan                      = "pro_8gb"
  region                    = "frankfurt"
  version                   = "17"
  high_availability_enabled = var.standby # expect: production-redundancy
}

data "aws_ssm_parameter" "least" {
  name = "/shop/least"
}

resource "aws_autoscaling_group" "read" {
  min_size = tonumber(data.aws_ssm_parameter.least.value) # expect-undecided: production-redundancy
  max_size = 8
}
