variable "role_password" {
  type      = string
  sensitive = true
}

variable "rotated" {
  type = bool
}

resource "postgresql_role" "api" {
  name     = "api"
  login    = true
  password = var.role_password # expect: secret-in-state
}

# Only if it is not rotated by hand.
resource "postgresql_role" "worker" {
  name     = "worker"
  login    = true
  password = var.rotated ? null : var.role_password # expect-possible: secret-in-state
}

resource "random_password" "tax" { # expect: secret-in-state
  length = 32
}

resource "aws_secretsmanager_secret_version" "tax" {
  secret_id     = "shop/tax"
  secret_string = random_password.tax.result # expect: secret-in-state
}

resource "aws_ssm_parameter" "stream_key" {
  name  = "/shop/stream-key"
  type  = "SecureString"
  value = var.role_password # expect: secret-in-state
}

resource "vault_kv_secret_v2" "payments" {
  mount     = "kv"
  name      = "payments"
  data_json = jsonencode({ password = var.role_password }) # expect: secret-in-state
}

resource "vault_database_secret_backend_connection" "shop" {
  backend = "database"
  name    = "shop"

  postgresql {
    connection_url = "postgresql://{{username}}:{{password}}@db.shop.invalid:5432/shop"
    username       = "vault"
    password       = var.role_password # expect: secret-in-state
  }
}

# There is no schema for this type, but its write-only argument is known.
resource "aws_rds_cluster" "shop" {
  cluster_identifier = "shop"
  master_password    = var.role_password # expect: secret-in-state
}

# Every argument that takes it would take an ephemeral value.
data "vault_kv_secret_v2" "admin" { # expect: secret-in-state
  mount = "kv"
  name  = "database/admin"
}

provider "postgresql" {
  host     = "db.shop.invalid"
  password = data.vault_kv_secret_v2.admin.data["password"]
}

data "aws_secretsmanager_secret_version" "clips" { # expect: secret-in-state
  secret_id = "shop/clips"
}

resource "postgresql_role" "clips" {
  name                = "clips"
  password_wo         = data.aws_secretsmanager_secret_version.clips.secret_string
  password_wo_version = 1
}

# Render's provider has no write-only argument; an env group has no secret in the state.
resource "render_web_service" "api" {
  name   = "api"
  plan   = "standard"
  region = "frankfurt"
  env_vars = {
    LOG_LEVEL    = { value = "info" }
    DATABASE_URL = { value = "postgres://api:${var.role_password}@db.shop.invalid:5432/shop" } # expect: secret-in-state
  }
  secret_files = {
    "license.key" = { content = var.role_password } # expect: secret-in-state
  }
}

resource "aws_ecs_task_definition" "renderer" {
  family = "renderer"
  container_definitions = jsonencode([ # expect: secret-in-state
    {
      name        = "renderer"
      image       = "ghcr.io/livestreamsell/renderer:7.1"
      environment = [{ name = "DATABASE_PASSWORD", value = var.role_password }]
    },
  ])
}

# The state also stores literals.
resource "postgresql_role" "reporting" {
  name     = "reporting"
  password = "letmein" # expect: secret-in-state
}

module "reader" {
  source   = "./reader"
  for_each = toset(["clips", "streams"])

  name = each.key
}

resource "postgresql_role" "read" {
  for_each = module.reader

  name                = each.key
  password_wo         = each.value.password
  password_wo_version = 1
}

# Providers without a write-only argument: the message names the alternative.
resource "supabase_edge_function_secrets" "shop" {
  project_ref = "abcdefghijklmnopqrst"
  secrets     = [{ name = "SIGNING_KEY", value = var.role_password }] # expect: secret-in-state
}
