# The settings of the project take precedence over those of a developer's machine.
resource "supabase_settings" "shop" {
  project_ref = "abcdefghijklmnopqrst"
  auth        = jsonencode({ external_anonymous_users_enabled = false })
}
