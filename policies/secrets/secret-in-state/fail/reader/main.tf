variable "name" {
  type = string
}

data "vault_kv_secret_v2" "this" { # expect: secret-in-state
  mount = "kv"
  name  = var.name
}

output "password" {
  value     = data.vault_kv_secret_v2.this.data["password"]
  sensitive = true
}
