terraform {
  required_version = "~> 1.11"

  required_providers {
    render = {
      source  = "render-oss/render"
      version = "~> 1.7"
    }
  }

  backend "s3" {
    bucket  = "example-shop-state"
    key     = "shop/terraform.tfstate"
    region  = "eu-central-1"
    encrypt = true
  }
}

variable "api_instances" {
  type        = number
  description = "Instances of the API that always run"
}

module "api" {
  source = "./service"

  name      = "api"
  instances = var.api_instances
}
