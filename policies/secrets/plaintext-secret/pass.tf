variable "signing_key" {
  description = "Given as TF_VAR_signing_key."
  type        = string
  sensitive   = true
}

ephemeral "vault_kv_secret_v2" "database" {
  mount = "kv"
  name  = "shop/database"
}

# Read when it is needed, never stored.
resource "postgresql_role" "api" {
  name                = "api"
  password_wo         = ephemeral.vault_kv_secret_v2.database.data["password"]
  password_wo_version = 1
}

resource "render_web_service" "shop" {
  name   = "shop"
  plan   = "standard"
  region = "frankfurt"
  env_vars = {
    SIGNING_KEY   = { value = var.signing_key }
    SESSION_KEY   = { generate_value = true }
    REDIS_URL     = { value = "redis://cache:6379/0" }
    SECRET_PATH   = { value = "kv/data/shop/api" }
    SERVICE_TOKEN = { value = "<given by the pipeline>" }
    LOG_LEVEL     = { value = "info" }
  }
}

# A role without a password.
resource "postgresql_role" "owner" {
  name     = "owner"
  login    = false
  password = null
}

# `state-backend-credentials` reports credentials of backends, `secret-default` reports defaults.
terraform {
  backend "http" {
    address  = "https://state.shop.invalid/shop"
    password = "Erlenzeisig-9"
  }
}

variable "pin" {
  type      = string
  sensitive = true
  default   = "4711"
}
