locals {
  image    = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
  criteria = { cpu = { enabled = true, percentage = 70 }, memory = { enabled = false, percentage = 80 } }
}

variable "edge_min" {
  type = number

  validation {
    condition     = var.edge_min >= 2 && var.edge_min <= 10
    error_message = "The edge needs two instances, and ten are plenty."
  }
}

variable "beta" {
  type = bool
}

resource "render_web_service" "storefront" {
  name           = "storefront"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = 1
    max      = 1
    criteria = local.criteria
  }
}

# The validation of the variable keeps it between two and ten.
resource "render_web_service" "edge" {
  name           = "edge"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  num_instances  = null
  autoscaling = {
    enabled  = true
    min      = var.edge_min
    max      = 10
    criteria = local.criteria
  }
}

# The service exists only where it scales.
resource "render_background_worker" "beta" {
  count = var.beta ? 1 : 0

  name           = "beta"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = var.beta ? 1 : 0
    max      = 3
    criteria = local.criteria
  }
}

resource "render_background_worker" "gone" {
  count = 0

  name           = "gone"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
}

# A disk allows one instance, so the service must not scale.
resource "render_private_service" "search" {
  name           = "search"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  disk           = { name = "index", size_gb = 20, mount_path = "/index" }
  num_instances  = 1
}

resource "render_private_service" "index" {
  name           = "index"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  disk           = { name = "index", size_gb = 20, mount_path = "/index" }
  num_instances  = 1
  autoscaling = {
    enabled  = false
    min      = 1
    max      = 4
    criteria = local.criteria
  }
}

resource "render_private_service" "one" {
  name           = "one"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  disk           = { name = "index", size_gb = 20, mount_path = "/index" }
  autoscaling = {
    enabled  = true
    min      = 1
    max      = 1
    criteria = local.criteria
  }
}

# The maximum that Render runs.
resource "render_private_service" "hundred" {
  name           = "hundred"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = 1
    max      = 100
    criteria = local.criteria
  }
}

# Render does not scale cron jobs.
resource "render_cron_job" "settlement" {
  name           = "settlement"
  plan           = "starter"
  region         = "frankfurt"
  schedule       = "15 3 * * *"
  runtime_source = local.image
}

resource "aws_autoscaling_group" "encoders" {
  min_size = 1
  max_size = 8
}

resource "aws_appautoscaling_target" "renderer" {
  service_namespace  = "ecs"
  resource_id        = "service/media/renderer"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 2
  max_capacity       = 2
}

# A fixed number is allowed unless the settings require autoscaling.
resource "aws_ecs_service" "renderer" {
  name            = "renderer"
  task_definition = "renderer"
  desired_count   = 2
}

variable "most" {
  type = number

  validation {
    condition     = var.most >= 5
    error_message = "Five at least."
  }
}

# Every value of the variable is a maximum.
resource "render_background_worker" "clips" {
  name           = "clips"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = local.image
  autoscaling = {
    enabled  = true
    min      = 5
    max      = var.most
    criteria = local.criteria
  }
}
