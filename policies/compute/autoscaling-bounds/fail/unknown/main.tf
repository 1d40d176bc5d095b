variable "scaling" {
  type = object({ min = number, max = number })
}

variable "scales" {
  type = bool
}

data "aws_ssm_parameter" "least" {
  name = "/shop/least"
}

locals {
  image    = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
  criteria = { cpu = { enabled = true, percentage = 70 } }
}

# A variable decides: possible, at the attribute with its value.
resource "render_web_service" "bounds" {
  name           = "bounds"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = var.scaling.min # expect-possible: autoscaling-bounds
    max      = 5
    criteria = local.criteria
  }
}

resource "render_web_service" "switch" {
  name           = "switch"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = var.scales # expect-possible: autoscaling-bounds
    min      = 1
    max      = 5
    criteria = local.criteria
  }
}

# Off, or on with zero instances: both are possible.
resource "render_web_service" "both" {
  name           = "both"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = var.scales # expect-possible: autoscaling-bounds
    min      = 0          # expect-possible: autoscaling-bounds
    max      = 5
    criteria = local.criteria
  }
}

# Zero for every value of the variable.
resource "render_web_service" "certain" {
  name           = "certain"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = var.scales ? 0 : -1 # expect: autoscaling-bounds
    max      = 5
    criteria = local.criteria
  }
}

# Only the provider knows the value: undecided.
resource "render_web_service" "data" {
  name           = "data"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = tonumber(data.aws_ssm_parameter.least.value) # expect-undecided: autoscaling-bounds
    max      = 5
    criteria = local.criteria
  }
}
