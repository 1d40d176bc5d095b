resource "postgresql_role" "worker" {
  name        = "worker"
  login       = true
  superuser   = true                 # expect: database-role-privileges
  create_role = true                 # expect: database-role-privileges
  replication = var.replicates       # expect-possible: database-role-privileges
  roles       = ["pg_read_all_data"] # expect: database-role-privileges
}

variable "replicates" {
  type = bool
}

resource "postgresql_grant" "everybody" {
  role        = "public" # expect: database-role-privileges
  database    = "postgres"
  schema      = "public"
  object_type = "table"
  privileges  = ["SELECT"]
}

resource "postgresql_grant" "all" {
  role              = postgresql_role.worker.name
  database          = "postgres"
  schema            = "public"
  object_type       = "table"
  privileges        = ["ALL"] # expect: database-role-privileges
  with_grant_option = true    # expect: database-role-privileges
}

resource "postgresql_grant" "schema" {
  role        = postgresql_role.worker.name
  database    = "postgres"
  schema      = "public"
  object_type = "schema"
  privileges  = ["CREATE", "USAGE"] # expect: database-role-privileges
}

resource "postgresql_grant_role" "admin" {
  role       = postgresql_role.worker.name
  grant_role = "service_role" # expect: database-role-privileges
}

resource "postgresql_default_privileges" "tables" {
  role        = "public" # expect: database-role-privileges
  database    = "postgres"
  owner       = "postgres"
  schema      = "public"
  object_type = "table"
  privileges  = ["SELECT"]
}
