variable "environment" {
  description = "Name of the environment."
  type        = string
}

variable "services" {
  description = "Monitored services: display name, and the `service` label of the metrics."
  type        = map(string)
}

variable "prometheus" {
  description = "Prometheus server, and the OTLP endpoint for Render's metrics. Without the endpoint they are not sent."
  type = object({
    url      = string
    username = string
    otlp_url = optional(string)
  })
}

variable "prometheus_password" {
  description = "Password with which Grafana queries Prometheus."
  type        = string
  sensitive   = true
}

variable "metrics_stream_token" {
  description = "Token with which Render sends its own metrics."
  type        = string
  sensitive   = true
  default     = null

  validation {
    condition     = var.prometheus.otlp_url == null || var.metrics_stream_token != null
    error_message = "Where metrics are streamed, the stream needs its token."
  }
}

variable "alert_emails" {
  description = "Email recipients of alerts that are not urgent."
  type        = list(string)
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

variable "runbooks_url" {
  description = "Base URL of the runbooks."
  type        = string
  default     = "https://runbooks.livestreamsell.example"
}
