terraform {
  required_version = "~> 1.11"

  required_providers {
    grafana = {
      source  = "grafana/grafana"
      version = "~> 4.45"
    }
    render = {
      source  = "render-oss/render"
      version = "~> 1.9"
    }
  }
}
