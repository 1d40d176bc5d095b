# Operators write the passwords with `vault kv put`. Terraform copies them to PostgreSQL and to the paths of the workers.
# State does not contain them: the values are ephemeral and the arguments are write-only.

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

  # Reading the secret back would store it in state.
  disable_read = true

  custom_metadata {
    max_versions = 5
  }
}
