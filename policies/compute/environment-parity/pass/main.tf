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

# Sizes and numbers may differ, and so may a patch of the engine on its way to production.
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

# One here, two there, and it is the same thing.
resource "render_keyvalue" "sessions" {
  for_each = var.sessions

  name              = each.key
  region            = "frankfurt"
  plan              = each.value
  max_memory_policy = "noeviction"
}

# What nobody has said cannot differ.
resource "aws_opensearch_domain" "search" {
  domain_name    = "search"
  engine_version = var.version_of_search
}

# Not a part that a program could miss.
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

# It may be there in both.
resource "aws_sqs_queue" "orders" {
  count = terraform.workspace == "production" ? 1 : var.unknown ? 1 : 0

  name = "orders"
}

# The owner has left these out: one person's workspace, and a type.
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

# Off, and off by default.
resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "sessions"
  description                = "Sessions"
  engine                     = "redis"
  engine_version             = terraform.workspace == "production" ? "7.1.0" : "7.1.2"
  transit_encryption_enabled = terraform.workspace == "production" ? null : false
}

# Two that are both not said.
resource "aws_db_instance" "reports" {
  identifier     = "reports"
  instance_class = var.size.class
  engine         = "postgres"
}

# Not known in staging whether it is there, so neither is what it would be.
resource "aws_rds_cluster" "clips" {
  count = terraform.workspace == "production" ? 1 : var.unknown ? 1 : 0

  engine         = "aurora-postgresql"
  engine_version = terraform.workspace == "production" ? "16.4" : "15.7"
}

# Here it is the other way round.
resource "aws_rds_cluster" "streams" {
  count = terraform.workspace == "staging" ? 1 : var.unknown ? 1 : 0

  engine         = "aurora-postgresql"
  engine_version = terraform.workspace == "staging" ? "16.4" : "15.7"
}

# Nobody says whether it is anywhere.
resource "aws_mq_broker" "trial" {
  count = terraform.workspace != "staging" ? 0 : var.unknown ? 1 : 0

  broker_name = "trial"
}
