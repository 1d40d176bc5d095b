# Version 4 of the provider: one resource for all settings of a zone.
resource "cloudflare_zone" "older" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  zone       = "older.example"
}

resource "cloudflare_zone_settings_override" "older" {
  zone_id = cloudflare_zone.older.id

  settings {
    always_use_https = "on"
  }
}
