resource "supabase_project" "shop" {
  organization_id   = "livestreamsell"
  name              = "shop"
  region            = "eu-central-1"
  instance_size     = "nano" # expect: database-backups
  database_password = var.database_password
}

resource "render_postgres" "shop" {
  name    = "shop"
  plan    = "free" # expect: database-backups
  region  = "frankfurt"
  version = "17"
}

resource "aws_db_instance" "none" { # expect: database-backups
  instance_class = "db.t4g.medium"
}

resource "aws_db_instance" "short" {
  instance_class          = "db.t4g.medium"
  backup_retention_period = 3    # expect: database-backups
  skip_final_snapshot     = true # expect: database-backups
}

resource "aws_db_instance" "zero" {
  instance_class          = "db.t4g.medium"
  backup_retention_period = 0 # expect: database-backups
}

resource "aws_rds_cluster" "off" {
  engine                  = "aurora-postgresql"
  backup_retention_period = var.days # expect-possible: database-backups
}

variable "days" {
  type = number
}

variable "database_password" {
  type      = string
  sensitive = true
}
