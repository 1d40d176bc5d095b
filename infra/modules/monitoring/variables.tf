variable "environment" {
  description = "The environment's name."
  type        = string
}

variable "services" {
  description = "Services to watch: the name that people use, and the `service` label of its metrics."
  type        = map(string)
}

variable "prometheus" {
  description = "Prometheus, and where Render's own metrics go; without the latter they are not sent."
  type = object({
    url      = string
    username = string
    otlp_url = optional(string)
  })
}

variable "prometheus_password" {
  description = "Password by which Grafana asks Prometheus."
  type        = string
  sensitive   = true
}

variable "metrics_stream_token" {
  description = "Token by which Render sends its own metrics."
  type        = string
  sensitive   = true
  default     = null

  validation {
    condition     = var.prometheus.otlp_url == null || var.metrics_stream_token != null
    error_message = "Where metrics are streamed, the stream needs its token."
  }
}

variable "alert_emails" {
  description = "Who hears of what need not wake anybody."
  type        = list(string)
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

variable "runbooks_url" {
  description = "Where the runbooks are."
  type        = string
  default     = "https://runbooks.livestreamsell.example"
}
