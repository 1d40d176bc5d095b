resource "supabase_settings" "shop" { # expect: database-tls
  project_ref = var.project_ref
}

resource "supabase_settings" "chat" {
  project_ref     = var.project_ref
  ssl_enforcement = false # expect: database-tls
}

provider "postgresql" { # expect: database-tls
  host = "db.livestreamsell.invalid"
}

provider "postgresql" {
  alias   = "unchecked"
  host    = "db.livestreamsell.invalid"
  sslmode = "require" # expect: database-tls
}

provider "postgresql" {
  alias   = "chosen"
  host    = "db.livestreamsell.invalid"
  sslmode = var.sslmode # expect-possible: database-tls
}

variable "sslmode" {
  type = string

  validation {
    condition     = contains(["verify-full", "disable"], var.sslmode)
    error_message = "One or the other."
  }
}

resource "aws_db_parameter_group" "shop" {
  family = "postgres17"

  parameter {
    name  = "rds.force_ssl"
    value = "0" # expect: database-tls
  }
}

variable "project_ref" {
  type = string
}
