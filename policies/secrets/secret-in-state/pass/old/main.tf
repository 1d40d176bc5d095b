# This Terraform has no write-only arguments, and the provider has no alternative.
terraform {
  required_version = "~> 1.9.0"
}

variable "role_password" {
  type      = string
  sensitive = true
}

resource "postgresql_role" "api" {
  name     = "api"
  password = var.role_password
}

data "vault_kv_secret_v2" "admin" {
  mount = "kv"
  name  = "database/admin"
}

provider "postgresql" {
  host     = "db.shop.invalid"
  password = data.vault_kv_secret_v2.admin.data["password"]
}
