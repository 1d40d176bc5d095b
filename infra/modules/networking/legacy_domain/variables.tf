variable "account_id" {
  description = "Cloudflare account that owns the zone."
  type        = string
}

variable "domain" {
  description = "Former domain."
  type        = string
}

variable "target" {
  description = "Current domain, the target of the redirect."
  type        = string

  validation {
    condition     = var.target != var.domain
    error_message = "A domain cannot lead to itself."
  }
}
