variable "ssl" {
  type = string
}



resource "render_web_service" "shop" {
  name           = "shop"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
}

resource "cloudflare_zone" "this" {
  account = { id = "023e105f4ecef8ad9ca31a8372d0c353" }
  name    = "shop.example"
}

resource "cloudflare_dns_record" "this" {
  zone_id = cloudflare_zone.this.id
  name    = "@"
  type    = "CNAME"
  content = trimprefix(render_web_service.shop.url, "https://")
  ttl     = 1
  proxied = true
}

resource "cloudflare_zone_setting" "ssl" {
  zone_id    = cloudflare_zone.this.id
  setting_id = "ssl"
  value      = "flexible" # expect: redirect-loop
}

resource "cloudflare_zone" "second" {
  account = { id = "023e105f4ecef8ad9ca31a8372d0c353" }
  name    = "second.example"
}

resource "cloudflare_dns_record" "second" {
  zone_id = cloudflare_zone.second.id
  name    = "second.example"
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = true
}

resource "cloudflare_zone_setting" "second" {
  zone_id    = cloudflare_zone.second.id
  setting_id = "ssl"
  value      = var.ssl # expect-possible: redirect-loop
}
