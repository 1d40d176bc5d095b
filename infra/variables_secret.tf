# The pipeline sets these values as TF_VAR_*, and none has a default. Values for the configuration of a provider are
# ephemeral: neither state nor plan contains them.

variable "cloudflare_api_token" {
  description = "Token with zone edit rights."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "render_api_key" {
  description = "API key of the Render workspace."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "supabase_access_token" {
  description = "Token of the Supabase organisation's owner."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "grafana_auth" {
  description = "Service account token of the Grafana stack."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "database_initial_password" {
  description = "Initial password of the Supabase project. State keeps it, so it is changed right after creation (README)."
  type        = string
  sensitive   = true

  validation {
    condition     = length(var.database_initial_password) >= 24
    error_message = "Twenty-four characters at least."
  }
}

variable "prometheus_password" {
  description = "Password with which Grafana queries Prometheus."
  type        = string
  sensitive   = true
}

variable "metrics_stream_token" {
  description = "Token with which Render sends its own metrics. It is required if prometheus.otlp_url is set."
  type        = string
  sensitive   = true
  default     = null
}

variable "pagerduty_integration_key" {
  description = "Integration key of the PagerDuty service for critical alerts."
  type        = string
  sensitive   = true
}

variable "slack_webhook_url" {
  description = "Slack webhook of the channel for alerts that are not urgent."
  type        = string
  sensitive   = true
}
