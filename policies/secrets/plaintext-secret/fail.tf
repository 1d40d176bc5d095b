# A password in an argument that the provider calls sensitive: weak or strong, it is one.
resource "postgresql_role" "reporting" {
  name     = "reporting"
  password = "letmein" # expect: plaintext-secret
}

# Write-only keeps it out of the state, not out of the repository.
resource "postgresql_role" "api" {
  name                = "api"
  password_wo         = "Hagebutte-Winkel-31" # expect: plaintext-secret
  password_wo_version = 1
}

# The finding stands at the literal, wherever it goes; used twice, it is one.
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

# A document that the provider takes as a string: its keys tell.
resource "supabase_settings" "shop" {
  project_ref = "abcdefghijklmnopqrst"
  auth = jsonencode({
    site_url  = "https://shop.invalid"
    smtp_pass = "Sanddorn-4-Ufer" # expect: plaintext-secret
  })
}
