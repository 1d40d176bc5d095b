# The project is in this repository, its migrations are not.
resource "supabase_project" "shop" { # expect-undecided: row-level-security
  organization_id   = "livestreamsell"
  name              = "shop"
  region            = "eu-central-1"
  database_password = var.database_password
}

variable "database_password" {
  type      = string
  sensitive = true
}
