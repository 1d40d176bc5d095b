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

# The token comes from VAULT_TOKEN, which the pipeline gets by OIDC: as an argument it would be printed in plans.
provider "vault" {
  address = var.vault.address
}

# `postgres` is no superuser on Supabase; told otherwise, the provider tries to lock and alter what it may not.
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
