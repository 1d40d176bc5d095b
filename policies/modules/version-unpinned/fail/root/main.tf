terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0" # expect: version-unpinned
    }
    cloudflare = { # expect: version-unpinned
      source = "cloudflare/cloudflare"
    }
    render = {
      source  = "render-oss/render"
      version = "~> 1.9"
    }
    grafana = {
      source  = "grafana/grafana"
      version = ">= 4.0, != 4.3.0" # expect: version-unpinned
    }
  }
}

module "inner" {
  source = "./inner"
}

module "newest" { # expect: version-unpinned
  source = "terraform-aws-modules/vpc/aws"
}

module "open" {
  source  = "app.terraform.io/livestreamsell/network/aws"
  version = ">= 2.0" # expect: version-unpinned
}

module "git" {
  source = "git::https://git.livestreamsell.example/network.git" # expect: version-unpinned
}

module "branch" {
  source = "github.com/livestreamsell/terraform-network//modules/vpc?ref=main" # expect: version-unpinned
}

module "head" {
  source = "git::ssh://git@git.livestreamsell.example/network?ref=refs/heads/v2" # expect: version-unpinned
}

# The module is downloaded although its count is 0.
module "none" { # expect: version-unpinned
  source = "terraform-aws-modules/alb/aws"
  count  = 0
}
