output "mount" {
  description = "Path of the key-value mount."
  value       = vault_mount.kv.path
}

output "aws_backend" {
  description = "Path at which a consumer requests AWS credentials."
  value       = vault_aws_secret_backend.this.path
}

output "role_ids" {
  description = "AppRole role ids by consumer."
  value       = { for name, role in vault_approle_auth_backend_role.consumer : name => role.role_id }
}

output "database_passwords" {
  description = "Passwords of the PostgreSQL roles, by role. They are not stored in state."
  value       = ephemeral.vault_kv_secret_v2.database.data
  sensitive   = true
  ephemeral   = true
}
