variable "account_id" {
  description = "Cloudflare account that owns the zone."
  type        = string
}

variable "domain" {
  description = "The domain that was."
  type        = string
}

variable "target" {
  description = "The domain that is."
  type        = string

  validation {
    condition     = var.target != var.domain
    error_message = "A domain cannot lead to itself."
  }
}
