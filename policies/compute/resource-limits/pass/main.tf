locals {
  image = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
}

# Set to an unknown value.
variable "plan" {
  type = string
}

resource "render_web_service" "shop" {
  name           = "shop"
  plan           = var.plan
  region         = "frankfurt"
  runtime_source = local.image
}

resource "render_cron_job" "settlement" {
  name           = "settlement"
  plan           = "starter"
  region         = "frankfurt"
  schedule       = "15 3 * * *"
  runtime_source = local.image
}

# The provider's default, but written explicitly.
resource "render_keyvalue" "rate_limits" {
  name              = "rate-limits"
  region            = "frankfurt"
  plan              = "pro_plus"
  max_memory_policy = "volatile_ttl"
}

resource "render_postgres" "reports" {
  name    = "reports"
  plan    = "basic_1gb"
  region  = "frankfurt"
  version = "17"
}

resource "supabase_project" "shop" {
  organization_id   = "livestreamsell"
  name              = "shop"
  region            = "eu-central-1"
  instance_size     = "small"
  database_password = var.database_password
}

variable "database_password" {
  type      = string
  sensitive = true
}

resource "aws_instance" "bastion" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t4g.nano"
}

# The launch template sets the type.
resource "aws_instance" "encoder" {
  launch_template {
    name = "encoder"
  }
}

resource "aws_db_instance" "replica" {
  replicate_source_db = "reports"
}
