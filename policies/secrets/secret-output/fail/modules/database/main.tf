resource "render_postgres" "this" {
  name    = "shop"
  plan    = "pro_8gb"
  region  = "frankfurt"
  version = "17"
}

# Terraform keeps the mark, but a reader of this module cannot see it.
output "connection" {
  value = render_postgres.this.connection_info.internal_connection_string # expect: secret-output
}

output "passwords" {
  value = { owner = render_postgres.this.connection_info.password } # expect: secret-output
}

# `nonsensitive` removes the mark.
output "settings" {
  value = { key = nonsensitive(render_postgres.this.connection_info.password) } # expect: secret-output
}
