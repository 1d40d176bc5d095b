resource "supabase_settings" "shop" {
  project_ref     = var.project_ref
  ssl_enforcement = true
}

provider "postgresql" {
  host        = "db.livestreamsell.invalid"
  sslmode     = "verify-full"
  sslrootcert = "ca.pem"
}

provider "postgresql" {
  alias   = "local"
  host    = "localhost"
  sslmode = "disable"
}

provider "supabase" {}

resource "aws_db_parameter_group" "shop" {
  family = "postgres17"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

variable "project_ref" {
  type = string
}
