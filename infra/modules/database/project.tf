resource "supabase_project" "this" {
  organization_id   = var.organization_id
  name              = var.prefix
  region            = var.region
  instance_size     = var.instance_size
  database_password = var.initial_password

  lifecycle {
    prevent_destroy = true

    # The password is changed after the project is created, so the value in state is no longer valid.
    ignore_changes = [database_password]
  }
}

resource "supabase_settings" "this" {
  project_ref     = supabase_project.this.id
  ssl_enforcement = true

  network = jsonencode({
    restrictions = var.allowed_cidrs
  })

  api = jsonencode({
    db_schema            = "public"
    db_extra_search_path = "extensions"
    max_rows             = var.max_rows
  })

  auth = jsonencode({
    site_url                         = var.site_url
    uri_allow_list                   = join(",", [for path in ["auth/callback", "auth/reset"] : "${var.site_url}/${path}"])
    jwt_exp                          = 3600
    disable_signup                   = false
    mailer_autoconfirm               = false
    external_anonymous_users_enabled = false
    password_min_length              = 12
    password_hibp_enabled            = true
    refresh_token_rotation_enabled   = true
    mfa_totp_enroll_enabled          = true
    mfa_totp_verify_enabled          = true
  })

  database = jsonencode({
    statement_timeout = "30s"
  })
}
