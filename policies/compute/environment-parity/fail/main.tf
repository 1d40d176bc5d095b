variable "postgres" {
  type = object({ version = string, encrypted = bool })
}

variable "cache" {
  type = bool
}

variable "image" {
  type    = string
  default = null
}

# Staging is two versions behind.
resource "render_postgres" "shop" {
  name    = "shop"
  plan    = "pro_8gb"
  region  = "frankfurt"
  version = var.postgres.version # expect: environment-parity
}

resource "aws_db_instance" "reporting" {
  identifier        = "reporting"
  instance_class    = "db.m7g.large"
  engine            = "postgres"
  engine_version    = "${var.postgres.version}.4" # expect: environment-parity
  storage_encrypted = var.postgres.encrypted      # expect: environment-parity
}

# Staging has no cache, so programs run differently there.
resource "render_keyvalue" "cache" { # expect: environment-parity
  count = var.cache ? 1 : 0

  name              = "cache"
  region            = "frankfurt"
  plan              = "pro"
  max_memory_policy = "allkeys_lru"
}

# Production has none of these.
resource "aws_sqs_queue" "traps" { # expect: environment-parity
  count = var.cache ? 0 : 1

  name = "traps"
}

resource "render_web_service" "shop" {
  name   = "shop"
  plan   = "standard"
  region = "frankfurt"
  runtime_source = { # expect: environment-parity
    image = var.image == null ? null : { image_url = var.image, tag = "1.0.0" }
    docker = var.image != null ? null : {
      repo_url = "https://github.com/livestreamsell/shop"
      branch   = "main"
    }
  }
}

locals {
  tls = {
    ssl             = "strict"
    min_tls_version = terraform.workspace == "production" ? "1.2" : "1.0"
    security_level  = terraform.workspace == "production" ? "high" : "low"
  }
}

resource "cloudflare_zone_setting" "tls" {
  for_each = local.tls

  zone_id    = "0123456789abcdef0123456789abcdef"
  setting_id = each.key
  value      = each.value # expect: environment-parity
}

resource "supabase_settings" "shop" {
  project_ref     = "abcdefghijklmnopqrst"
  ssl_enforcement = terraform.workspace == "production" # expect: environment-parity
}

# Different kinds of runtime in the two workspaces.
resource "render_background_worker" "clips" {
  name   = "clips"
  plan   = "standard"
  region = "frankfurt"
  runtime_source = { # expect: environment-parity
    native_runtime = {
      repo_url      = "https://github.com/livestreamsell/clips"
      branch        = "main"
      build_command = "make"
      runtime       = terraform.workspace == "production" ? "node" : "python"
    }
  }
}

resource "render_cron_job" "mails" {
  name     = "mails"
  plan     = "starter"
  region   = "frankfurt"
  schedule = "0 6 * * *"
  runtime_source = { # expect: environment-parity
    image  = var.image == null ? null : { image_url = var.image, tag = "1.0.0" }
    docker = var.image != null ? null : { repo_url = "https://github.com/livestreamsell/mails", branch = "main" }
  }
}

resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "sessions"
  description                = "Sessions"
  engine                     = "redis"
  engine_version             = terraform.workspace == "production" ? "7.1" : "7.0" # expect: environment-parity
  transit_encryption_enabled = terraform.workspace == "production" ? true : null   # expect: environment-parity
}

# Staging uses the default of AWS.
resource "aws_db_instance" "clips" {
  identifier     = "clips"
  instance_class = "db.m7g.large"
  engine         = "mysql"
  engine_version = terraform.workspace == "production" ? "8.4" : null # expect: environment-parity
}

# In a module, with a literal from the caller; a resource with count = 0 is in neither workspace.
module "search" {
  source = "./search"
  engine = terraform.workspace == "production" ? "OpenSearch_2.15" : "OpenSearch_1.3"
}

module "none" {
  source = "./search"
  count  = 0
  engine = terraform.workspace
}
