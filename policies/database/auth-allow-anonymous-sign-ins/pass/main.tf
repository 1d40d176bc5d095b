# What the project is set to wins over what a developer's machine is.
resource "supabase_settings" "shop" {
  project_ref = "abcdefghijklmnopqrst"
  auth        = jsonencode({ external_anonymous_users_enabled = false })
}
