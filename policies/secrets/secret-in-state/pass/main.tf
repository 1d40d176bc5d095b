variable "role_password" {
  type      = string
  sensitive = true
}

variable "integration_key" {
  type      = string
  sensitive = true
}

ephemeral "vault_kv_secret_v2" "database" {
  mount = "kv"
  name  = "database"
}

resource "postgresql_role" "api" {
  name                = "api"
  login               = true
  password_wo         = ephemeral.vault_kv_secret_v2.database.data["api"]
  password_wo_version = 1
}

resource "postgresql_role" "owner" {
  name     = "owner"
  login    = false
  password = null
}

resource "postgresql_role" "group" {
  name     = "group"
  login    = false
  password = ""
}

resource "aws_ssm_parameter" "least" {
  name  = "/shop/least"
  type  = "String"
  value = "2"
}

resource "vault_kv_secret_v2" "payments" {
  mount                = "kv"
  name                 = "payments"
  data_json_wo         = jsonencode({ password = ephemeral.vault_kv_secret_v2.database.data["payments"] })
  data_json_wo_version = 1
}

# The providers have no alternative.
resource "supabase_project" "shop" {
  organization_id   = "livestreamsell"
  name              = "shop"
  region            = "eu-central-1"
  database_password = var.role_password
}

resource "grafana_contact_point" "pager" {
  name = "pager"

  pagerduty {
    integration_key = var.integration_key
  }
}

# Read for an argument that takes no ephemeral value.
data "vault_kv_secret_v2" "metrics" {
  mount = "kv"
  name  = "metrics"
}

resource "render_metrics_stream" "all" {
  metrics_provider = "GRAFANA"
  url              = "https://otlp.shop.invalid"
  token            = data.vault_kv_secret_v2.metrics.data["token"]
}

# Its public key is stored, so the key must not change with each run.
resource "tls_private_key" "deploy" {
  algorithm = "ED25519"
}

resource "aws_iam_user_ssh_key" "deploy" {
  username   = "deploy"
  encoding   = "SSH"
  public_key = tls_private_key.deploy.public_key_openssh
}

resource "vault_kv_secret_v2" "deploy" {
  mount                = "kv"
  name                 = "deploy"
  data_json_wo         = jsonencode({ key = tls_private_key.deploy.private_key_openssh })
  data_json_wo_version = 1
}

# No secret.
data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

resource "aws_instance" "runner" {
  ami           = data.aws_ssm_parameter.image.value
  instance_type = "t4g.small"
}

resource "render_postgres" "shop" {
  name    = "shop"
  plan    = "pro_8gb"
  region  = "frankfurt"
  version = "17"
}

# The password of the database is in the state with the database.
resource "render_web_service" "api" {
  name   = "api"
  plan   = "standard"
  region = "frankfurt"
  env_vars = {
    LOG_LEVEL    = { value = "info" }
    SESSION_KEY  = { generate_value = true }
    DATABASE_URL = { value = render_postgres.shop.connection_info.internal_connection_string }
  }
}

resource "render_env_group_link" "api" {
  env_group_id = "evg-cq1livestreamsell0"
  service_ids  = [render_web_service.api.id]
}

resource "aws_ecs_task_definition" "renderer" {
  family = "renderer"
  container_definitions = jsonencode([
    {
      name        = "renderer"
      image       = "ghcr.io/livestreamsell/renderer:7.1"
      environment = [{ name = "QUEUE", value = "clips" }]
      secrets     = [{ name = "DATABASE_PASSWORD", valueFrom = "arn:aws:ssm:eu-central-1:123456789012:parameter/shop" }]
    },
  ])
}
