# Values come from the pipeline's store as TF_VAR_*; none has a default. Those that only a provider's configuration
# takes are ephemeral: neither state nor plan ever holds them.

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
  description = "Password the Supabase project is made with. State keeps it, so it is changed right after (README)."
  type        = string
  sensitive   = true

  validation {
    condition     = length(var.database_initial_password) >= 24
    error_message = "Twenty-four characters at least."
  }
}

variable "prometheus_password" {
  description = "Password by which Grafana asks Prometheus."
  type        = string
  sensitive   = true
}

variable "metrics_stream_token" {
  description = "Token by which Render sends its own metrics; needed where prometheus.otlp_url is set."
  type        = string
  sensitive   = true
  default     = null
}

variable "pagerduty_integration_key" {
  description = "Key of the PagerDuty service that wakes somebody."
  type        = string
  sensitive   = true
}

variable "slack_webhook_url" {
  description = "Webhook of the channel for what can wait until the morning."
  type        = string
  sensitive   = true
}
