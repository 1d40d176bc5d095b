locals {
  dashboards = { for file in fileset("${path.module}/dashboards", "*.json") : trimsuffix(file, ".json") => file }
}

resource "grafana_folder" "this" {
  title                        = "LiveStreamSell ${var.environment}"
  uid                          = "livestreamsell"
  prevent_destroy_if_not_empty = true
}

resource "grafana_data_source" "prometheus" {
  name        = "Prometheus"
  uid         = "prometheus"
  type        = "prometheus"
  url         = var.prometheus.url
  access_mode = "proxy"
  is_default  = true

  basic_auth_enabled  = true
  basic_auth_username = var.prometheus.username

  json_data_encoded = jsonencode({
    httpMethod     = "POST"
    prometheusType = "Mimir"
    timeInterval   = "30s"
  })

  secure_json_data_encoded = jsonencode({
    basicAuthPassword = var.prometheus_password
  })
}

resource "grafana_dashboard" "this" {
  for_each = local.dashboards

  folder      = grafana_folder.this.uid
  config_json = file("${path.module}/dashboards/${each.value}")
  overwrite   = true
}

# One stream serves a whole Render workspace, and each environment has its own workspace.
resource "render_metrics_stream" "this" {
  count = var.prometheus.otlp_url == null ? 0 : 1

  metrics_provider = "GRAFANA"
  url              = var.prometheus.otlp_url
  token            = var.metrics_stream_token
}
