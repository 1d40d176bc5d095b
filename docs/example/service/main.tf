terraform {
  required_providers {
    render = {
      source  = "render-oss/render"
      version = "~> 1.7"
    }
  }
}

variable "name" {
  type        = string
  description = "Name of the service"
}

variable "instances" {
  type        = number
  description = "Instances that always run"
}

resource "render_web_service" "this" {
  name   = var.name
  plan   = "standard"
  region = "frankfurt"

  runtime_source = {
    image = { image_url = "registry.example.com/shop/api", tag = "1.4.2" }
  }

  autoscaling = {
    enabled = true
    min     = var.instances
    max     = 6
    criteria = {
      cpu    = { enabled = true, percentage = 70 }
      memory = { enabled = true, percentage = 80 }
    }
  }
}
