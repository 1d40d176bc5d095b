resource "postgresql_role" "worker" {
  name        = "worker"
  login       = true
  superuser   = false
  create_role = false
}

resource "postgresql_grant" "orders" {
  role        = postgresql_role.worker.name
  database    = "postgres"
  schema      = "public"
  object_type = "table"
  objects     = ["orders"]
  privileges  = ["SELECT", "UPDATE"]
}

resource "postgresql_grant" "usage" {
  role        = "public"
  database    = "postgres"
  schema      = "public"
  object_type = "schema"
  privileges  = ["USAGE"]
}

resource "postgresql_grant" "nothing" {
  role        = "public"
  database    = "postgres"
  schema      = "public"
  object_type = "table"
  privileges  = []
}

resource "postgresql_grant_role" "worker" {
  role       = postgresql_role.worker.name
  grant_role = "app_worker"
}

resource "postgresql_default_privileges" "tables" {
  role        = postgresql_role.worker.name
  database    = "postgres"
  owner       = "postgres"
  schema      = "public"
  object_type = "table"
  privileges  = ["SELECT"]
}
