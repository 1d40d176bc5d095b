# Any text in an argument that the provider calls sensitive is a secret.
resource "postgresql_role" "reporting" {
  name     = "reporting"
  password = "letmein" # expect: plaintext-secret
}

# A write-only argument keeps it out of the state, but not out of the repository.
resource "postgresql_role" "api" {
  name                = "api"
  password_wo         = "Hagebutte-Winkel-31" # expect: plaintext-secret
  password_wo_version = 1
}

# The finding is at the literal; two sinks are one finding.
locals {
  signing_key = "kranich/77/Zinn" # expect: plaintext-secret
  database    = "postgres://shop:Feldsalat9@db.shop.invalid:5432/shop" # expect: plaintext-secret
}

resource "render_web_service" "shop" {
  name   = "shop"
  plan   = "standard"
  region = "frankfurt"
  env_vars = {
    SIGNING_KEY  = { value = local.signing_key }
    DATABASE_URL = { value = local.database }
  }
}

resource "render_background_worker" "mail" {
  name   = "mail"
  plan   = "standard"
  region = "frankfurt"
  env_vars = {
    SIGNING_KEY = { value = local.signing_key }
  }
}

# A JSON document as a string: the keys decide.
resource "supabase_settings" "shop" {
  project_ref = "abcdefghijklmnopqrst"
  auth = jsonencode({
    site_url  = "https://shop.invalid"
    smtp_pass = "Sanddorn-4-Ufer" # expect: plaintext-secret
  })
}
