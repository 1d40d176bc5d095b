locals {
  # AWS roles that each consumer may assume. A consumer without an entry may assume none.
  aws_access = {
    api             = ["images"]
    clip-renderer   = ["images"]
    database-backup = ["backups"]
  }
}

resource "vault_mount" "kv" {
  path        = var.prefix
  type        = "kv"
  description = "Secrets of ${var.environment}"
  options     = { version = "2" }
}

resource "vault_auth_backend" "approle" {
  type        = "approle"
  path        = "approle/${var.prefix}"
  description = "Services of ${var.environment}"
}

resource "vault_policy" "consumer" {
  for_each = var.consumers

  name = "${var.prefix}-${each.key}"
  policy = templatefile("${path.module}/policies/consumer.hcl.tftpl", {
    mount       = vault_mount.kv.path
    consumer    = each.key
    aws_backend = vault_aws_secret_backend.this.path
    aws_roles   = lookup(local.aws_access, each.key, [])
  })
}

resource "vault_approle_auth_backend_role" "consumer" {
  for_each = var.consumers

  backend        = vault_auth_backend.approle.path
  role_name      = each.key
  token_policies = [vault_policy.consumer[each.key].name]
  token_ttl      = 1200
  token_max_ttl  = 3600

  # A secret id is valid for a day. The deploy pipeline gives every release a new one.
  bind_secret_id     = true
  secret_id_ttl      = 86400
  secret_id_num_uses = 50
}

# No keys: Vault authenticates with the IAM role of its machine.
resource "vault_aws_secret_backend" "this" {
  path                      = "aws/${var.prefix}"
  description               = "Short-lived AWS credentials for ${var.environment}"
  region                    = var.region
  default_lease_ttl_seconds = 900
  max_lease_ttl_seconds     = 3600
}

resource "vault_aws_secret_backend_role" "this" {
  for_each = var.aws_roles

  backend         = vault_aws_secret_backend.this.path
  name            = each.key
  credential_type = "assumed_role"
  role_arns       = [each.value]
  default_sts_ttl = 900
  max_sts_ttl     = 3600
}
