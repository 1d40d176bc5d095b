# People write the passwords, with `vault kv put`. From there they go to PostgreSQL and to the workers' paths, and
# pass through Terraform without being kept: the values are ephemeral and the arguments write-only.

ephemeral "vault_kv_secret_v2" "database" {
  mount    = vault_mount.kv.path
  mount_id = vault_mount.kv.id
  name     = "terraform/database"
}

locals {
  connections = {
    notifications = "lss_worker"
    clip-renderer = "lss_worker"
    stream-ingest = "lss_worker"
    settlement    = "lss_reporting"
  }
}

resource "vault_kv_secret_v2" "database" {
  for_each = local.connections

  mount = vault_mount.kv.path
  name  = "${each.key}/database"

  data_json_wo = jsonencode({
    host     = var.database.host
    port     = 6543
    database = "postgres"
    username = each.value
    password = ephemeral.vault_kv_secret_v2.database.data[each.value]
    sslmode  = "verify-full"
  })
  data_json_wo_version = var.database.password_version

  # A secret that is read back is a secret in state.
  disable_read = true

  custom_metadata {
    max_versions = 5
  }
}
