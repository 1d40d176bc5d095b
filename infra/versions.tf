terraform {
  required_version = "~> 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "6.25.0"
    }
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = "5.22.0"
    }
    grafana = {
      source  = "grafana/grafana"
      version = "4.45.1"
    }
    postgresql = {
      source  = "cyrilgdn/postgresql"
      version = "1.26.0"
    }
    render = {
      source  = "render-oss/render"
      version = "1.9.1"
    }
    supabase = {
      source  = "supabase/supabase"
      version = "1.10.1"
    }
    vault = {
      source  = "hashicorp/vault"
      version = "5.11.0"
    }
  }
}
