variable "size" {
  type = object({ plan = string, min = number, class = string, zones = number })
}

variable "version_of_search" {
  type = string
}

variable "streams_metrics" {
  type = bool
}

variable "sessions" {
  type = map(string)
}

# Sizes, numbers and patch versions may differ.
resource "render_web_service" "shop" {
  name           = terraform.workspace
  plan           = var.size.plan
  region         = "frankfurt"
  num_instances  = var.size.min
  runtime_source = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = terraform.workspace } }
}

resource "aws_db_instance" "shop" {
  identifier        = "shop"
  instance_class    = var.size.class
  engine            = "postgres"
  engine_version    = terraform.workspace == "production" ? "17.2" : "17.4"
  multi_az          = var.size.zones > 1
  storage_encrypted = true
}

# One instance here, two there: the same kind.
resource "render_keyvalue" "sessions" {
  for_each = var.sessions

  name              = each.key
  region            = "frankfurt"
  plan              = each.value
  max_memory_policy = "noeviction"
}

# Unknown values are not compared.
resource "aws_opensearch_domain" "search" {
  domain_name    = "search"
  engine_version = var.version_of_search
}

# This type is not a main part of a system.
resource "render_metrics_stream" "all" {
  count = var.streams_metrics ? 1 : 0

  metrics_provider = "GRAFANA"
  url              = "https://otlp.shop.invalid"
  token            = "<given by the pipeline>"
}

resource "cloudflare_zone_setting" "level" {
  zone_id    = "0123456789abcdef0123456789abcdef"
  setting_id = "security_level"
  value      = terraform.workspace == "production" ? "high" : "low"
}

variable "unknown" {
  type = bool
}

# It may exist in both workspaces.
resource "aws_sqs_queue" "orders" {
  count = terraform.workspace == "production" ? 1 : var.unknown ? 1 : 0

  name = "orders"
}

# The settings ignore a personal workspace and a type.
resource "aws_sns_topic" "orders" {
  count = terraform.workspace == "production" ? 1 : 0

  name = "orders"
}

resource "render_postgres" "shop" {
  name    = "shop"
  plan    = "basic_1gb"
  region  = "frankfurt"
  version = terraform.workspace == "jo" ? "18" : "17"
}

resource "render_redis" "scratch" {
  count = terraform.workspace == "jo" ? 1 : 0

  name              = "scratch"
  plan              = "starter"
  region            = "frankfurt"
  max_memory_policy = "allkeys_lru"
}

# Off explicitly, and off by default.
resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "sessions"
  description                = "Sessions"
  engine                     = "redis"
  engine_version             = terraform.workspace == "production" ? "7.1.0" : "7.1.2"
  transit_encryption_enabled = terraform.workspace == "production" ? null : false
}

# Both values are unset.
resource "aws_db_instance" "reports" {
  identifier     = "reports"
  instance_class = var.size.class
  engine         = "postgres"
}

# Unknown in staging whether it exists, so its value is not compared.
resource "aws_rds_cluster" "clips" {
  count = terraform.workspace == "production" ? 1 : var.unknown ? 1 : 0

  engine         = "aurora-postgresql"
  engine_version = terraform.workspace == "production" ? "16.4" : "15.7"
}

# The reverse case.
resource "aws_rds_cluster" "streams" {
  count = terraform.workspace == "staging" ? 1 : var.unknown ? 1 : 0

  engine         = "aurora-postgresql"
  engine_version = terraform.workspace == "staging" ? "16.4" : "15.7"
}

# Unknown in both workspaces whether it exists.
resource "aws_mq_broker" "trial" {
  count = terraform.workspace != "staging" ? 0 : var.unknown ? 1 : 0

  broker_name = "trial"
}
