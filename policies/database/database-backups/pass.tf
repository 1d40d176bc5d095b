resource "supabase_project" "shop" {
  organization_id   = "livestreamsell"
  name              = "shop"
  region            = "eu-central-1"
  instance_size     = "small"
  database_password = var.database_password
}

resource "render_postgres" "shop" {
  name    = "shop"
  plan    = "pro_4gb"
  region  = "frankfurt"
  version = "17"
}

resource "aws_db_instance" "shop" {
  instance_class          = "db.t4g.medium"
  backup_retention_period = 14
}

resource "aws_db_instance" "week" {
  instance_class          = "db.t4g.medium"
  backup_retention_period = 7
}

resource "aws_db_instance" "replica" {
  instance_class      = "db.t4g.medium"
  replicate_source_db = aws_db_instance.shop.identifier
}

variable "database_password" {
  type      = string
  sensitive = true
}
