# Version 4 of the provider: blocks instead of attributes, one resource for all settings.
resource "cloudflare_zone" "shop" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  zone       = "older.example"
}

resource "cloudflare_record" "shop" {
  zone_id = cloudflare_zone.shop.id
  name    = "@"
  type    = "CNAME"
  value   = "shop.onrender.com"
  proxied = true
}

resource "cloudflare_zone_settings_override" "shop" {
  zone_id = cloudflare_zone.shop.id

  settings {
    ssl = "flexible" # expect: redirect-loop
  }
}

resource "cloudflare_ruleset" "shop" {
  zone_id = cloudflare_zone.shop.id
  name    = "Redirects"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules {
    expression = "(http.host eq \"www.older.example\")"
    action     = "redirect"

    action_parameters {
      from_value {
        status_code = 301

        target_url {
          value = "https://older.example/"
        }
      }
    }
  }

  rules {
    expression = "(http.host eq \"older.example\")"
    action     = "redirect"

    action_parameters {
      from_value {
        status_code = 301

        target_url {
          value = "https://www.older.example/" # expect: redirect-loop
        }
      }
    }
  }
}
