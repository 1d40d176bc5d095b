resource "render_postgres" "this" {
  name    = "shop"
  plan    = "pro_8gb"
  region  = "frankfurt"
  version = "17"
}

# Terraform carries the mark on, but the reader of this module cannot see it.
output "connection" {
  value = render_postgres.this.connection_info.internal_connection_string # expect: secret-output
}

output "passwords" {
  value = { owner = render_postgres.this.connection_info.password } # expect: secret-output
}

# Uncovered in here, so Terraform carries no mark on.
output "settings" {
  value = { key = nonsensitive(render_postgres.this.connection_info.password) } # expect: secret-output
}
