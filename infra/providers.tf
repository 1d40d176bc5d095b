provider "aws" {
  region              = var.region
  allowed_account_ids = [var.aws_account_id]

  default_tags {
    tags = local.tags
  }
}

provider "aws" {
  alias               = "backup"
  region              = var.backup_region
  allowed_account_ids = [var.aws_account_id]

  default_tags {
    tags = local.tags
  }
}

provider "cloudflare" {
  api_token = var.cloudflare_api_token
}

provider "render" {
  api_key                    = var.render_api_key
  owner_id                   = var.render_owner_id
  wait_for_deploy_completion = true
}

provider "supabase" {
  access_token = var.supabase_access_token
}

provider "grafana" {
  url  = var.grafana.url
  auth = var.grafana_auth
}

# The pipeline sets VAULT_TOKEN, which it gets by OIDC. As an argument, the token would be printed in plans.
provider "vault" {
  address = var.vault.address
}

# `postgres` is not a superuser on Supabase. As a superuser, the provider would alter objects without permission.
provider "postgresql" {
  host            = module.database.host
  database        = "postgres"
  username        = "postgres"
  password        = module.secrets.database_passwords["postgres"]
  sslmode         = "verify-full"
  sslrootcert     = var.database_ca_file
  superuser       = false
  connect_timeout = 15
}
