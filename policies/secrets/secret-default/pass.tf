variable "database_password" {
  type      = string
  sensitive = true
}

variable "api_token" {
  type    = string
  default = null
}

variable "captcha_secret" {
  type      = string
  sensitive = true
  default   = ""
}

variable "token_ttl" {
  type    = string
  default = "24h"
}

variable "secret_name" {
  type    = string
  default = "shop/api"
}

variable "password_length" {
  type    = number
  default = 24
}

# `plaintext-secret` reports literals that are no defaults.
resource "postgresql_role" "api" {
  name     = "api"
  password = "Bachstelze-3"
}
