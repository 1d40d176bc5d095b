locals {
  settings = {
    ssl                      = "strict"
    min_tls_version          = "1.2"
    tls_1_3                  = "on"
    always_use_https         = "on"
    automatic_https_rewrites = "on"
    opportunistic_encryption = "on"
    "0rtt"                   = "off"
    security_level           = "medium"
    browser_check            = "on"
    development_mode         = "off"
  }
}

resource "cloudflare_zone" "this" {
  name = var.domain
  type = "full"

  account = {
    id = var.cloudflare_account_id
  }
}

resource "cloudflare_zone_dnssec" "this" {
  zone_id = cloudflare_zone.this.id
  status  = "active"
}

resource "cloudflare_zone_setting" "this" {
  for_each = local.settings

  zone_id    = cloudflare_zone.this.id
  setting_id = each.key
  value      = each.value
}

resource "cloudflare_zone_setting" "hsts" {
  zone_id    = cloudflare_zone.this.id
  setting_id = "security_header"

  value = {
    strict_transport_security = {
      enabled            = true
      include_subdomains = true
      max_age            = var.hsts_preload ? 63072000 : 86400
      nosniff            = true
      preload            = var.hsts_preload
    }
  }
}

resource "cloudflare_certificate_pack" "edge" {
  zone_id               = cloudflare_zone.this.id
  type                  = "advanced"
  certificate_authority = "google"
  validation_method     = "txt"
  validity_days         = 90
  hosts                 = [var.domain, "*.${var.domain}"]

  lifecycle {
    create_before_destroy = true
  }
}
