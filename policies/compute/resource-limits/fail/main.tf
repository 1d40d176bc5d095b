locals {
  image = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
}

variable "dedicated" {
  type = bool
}

resource "render_web_service" "null" {
  name           = "null"
  plan           = null # expect: resource-limits
  region         = "frankfurt"
  runtime_source = local.image
}

# The provider uses pro_plus by default.
resource "render_keyvalue" "queue" { # expect: resource-limits
  name              = "queue"
  region            = "frankfurt"
  max_memory_policy = "noeviction"
}

resource "render_redis" "old_queue" { # expect: resource-limits
  name              = "old-queue"
  region            = "frankfurt"
  max_memory_policy = "noeviction"
}

resource "render_keyvalue" "sometimes" {
  name              = "sometimes"
  region            = "frankfurt"
  plan              = var.dedicated ? "pro" : null # expect-possible: resource-limits
  max_memory_policy = "noeviction"
}

resource "supabase_project" "shop" { # expect: resource-limits
  organization_id   = "livestreamsell"
  name              = "shop"
  region            = "eu-central-1"
  database_password = var.database_password
}

variable "database_password" {
  type      = string
  sensitive = true
}

resource "aws_instance" "bastion" { # expect: resource-limits
  ami = "ami-0a1b2c3d4e5f60718"
}

resource "aws_db_instance" "reports" { # expect: resource-limits
  engine              = "postgres"
  allocated_storage   = 20
  skip_final_snapshot = true
}

# A plan that the settings forbid, an allowed one, and one from a variable.
variable "plan" {
  type = string
}

resource "render_private_service" "large" {
  name           = "large"
  plan           = "pro_ultra" # expect: resource-limits
  region         = "frankfurt"
  runtime_source = local.image
}

resource "render_private_service" "allowed" {
  name           = "allowed"
  plan           = "pro"
  region         = "frankfurt"
  runtime_source = local.image
}

resource "render_private_service" "given" {
  name           = "given"
  plan           = var.plan # expect-possible: resource-limits
  region         = "frankfurt"
  runtime_source = local.image
}

resource "render_private_service" "none" {
  count = 0

  name           = "none"
  plan           = "pro_ultra"
  region         = "frankfurt"
  runtime_source = local.image
}

# The caller of the module sets no plan.
module "worker" {
  source = "./worker"
}
