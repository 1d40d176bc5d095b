terraform {
  required_version = "~> 1.11"

  required_providers {
    aws = {
      source                = "hashicorp/aws"
      version               = "6.25.0"
      configuration_aliases = [aws.backup]
    }
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = ">= 5.0, < 6.0"
    }
    grafana = "~> 4.45"
  }
}

module "inner" {
  source = "./inner"
}

module "registry" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "~> 6.0"
}

module "exact" {
  source  = "app.terraform.io/livestreamsell/network/aws//modules/subnets"
  version = "2.4.1"
}

module "tag" {
  source = "git::https://git.livestreamsell.example/network.git//vpc?ref=v1.2.0&depth=1"
}

module "commit" {
  source = "github.com/livestreamsell/terraform-network?ref=5d41402abc4b2a76b9719d911017c592deadbeef"
}
