locals {
  database = "postgres"

  # Login roles have no privileges of their own. The migrations grant privileges to the groups, beside the tables.
  login_roles = {
    lss_worker = {
      group             = "app_worker"
      connection_limit  = 40
      statement_timeout = 30000
      schemas           = ["public"]
    }
    lss_reporting = {
      group             = "app_reporting"
      connection_limit  = 5
      statement_timeout = 120000
      schemas           = ["reporting"]
    }
  }

  schema_usage = {
    for pair in flatten([
      for role, settings in local.login_roles : [
        for schema in settings.schemas : { role = role, schema = schema }
      ]
    ]) : "${pair.role}.${pair.schema}" => pair
  }

  extensions = toset(["pg_stat_statements", "pg_trgm", "pgcrypto"])
}

resource "postgresql_extension" "this" {
  for_each = local.extensions

  name     = each.key
  database = local.database
  schema   = "extensions"
}

resource "postgresql_role" "login" {
  for_each = local.login_roles

  name                = each.key
  login               = true
  inherit             = true
  connection_limit    = each.value.connection_limit
  statement_timeout   = each.value.statement_timeout
  search_path         = ["\"$user\"", "public", "extensions"]
  password_wo         = var.role_passwords[each.key]
  password_wo_version = tostring(var.role_password_version)

  superuser                 = false
  create_role               = false
  create_database           = false
  replication               = false
  bypass_row_level_security = false

  idle_in_transaction_session_timeout = 60000
}

resource "postgresql_grant_role" "group" {
  for_each = local.login_roles

  role       = postgresql_role.login[each.key].name
  grant_role = each.value.group
}

resource "postgresql_grant" "connect" {
  for_each = postgresql_role.login

  role        = each.value.name
  database    = local.database
  object_type = "database"
  privileges  = ["CONNECT"]
}

resource "postgresql_grant" "schema_usage" {
  for_each = local.schema_usage

  role        = postgresql_role.login[each.value.role].name
  database    = local.database
  schema      = each.value.schema
  object_type = "schema"
  privileges  = ["USAGE"]
}

# PostgreSQL grants EXECUTE on a new function to PUBLIC, and Supabase grants all privileges on a new table to API roles.
# Both defaults are revoked. The migration that creates an object grants what is needed.
resource "postgresql_default_privileges" "functions" {
  role        = "public"
  database    = local.database
  owner       = "postgres"
  object_type = "function"
  privileges  = []
}

resource "postgresql_default_privileges" "api" {
  for_each = {
    for pair in setproduct(["anon", "authenticated"], ["table", "sequence", "function"]) :
    join(".", pair) => { role = pair[0], object_type = pair[1] }
  }

  role        = each.value.role
  database    = local.database
  schema      = "public"
  owner       = "postgres"
  object_type = each.value.object_type
  privileges  = []
}
