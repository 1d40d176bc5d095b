resource "render_postgres" "this" {
  name    = "shop"
  plan    = "pro_8gb"
  region  = "frankfurt"
  version = "17"
}

ephemeral "vault_kv_secret_v2" "roles" {
  mount = "kv"
  name  = "roles"
}

output "host" {
  value = render_postgres.this.id
}

# An ephemeral output is neither stored nor printed.
output "role_passwords" {
  value     = ephemeral.vault_kv_secret_v2.roles.data
  ephemeral = true
}

# The whole resource, in which Terraform hides the password.
output "database" {
  value = render_postgres.this
}
