variable "account_id" {
  type = string
}

variable "domain" {
  type = string
}

variable "names" {
  type    = list(string)
  default = ["@", "www", "api"]
}

resource "cloudflare_zone" "shop" {
  account = { id = var.account_id }
  name    = var.domain
}

# The certificate is in a module, the records are here.
module "certificate" {
  source  = "./zone"
  zone_id = cloudflare_zone.shop.id
  hosts   = [var.domain, "*.${var.domain}", "*.eu.${var.domain}"]
}

resource "cloudflare_dns_record" "shop" {
  for_each = toset(concat(var.names, ["media.eu.${var.domain}"]))

  zone_id = cloudflare_zone.shop.id
  name    = each.key
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = true
}

# Render issues the certificates of names that are not proxied.
resource "cloudflare_dns_record" "direct" {
  zone_id = cloudflare_zone.shop.id
  name    = "a.b.c.${var.domain}"
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
}

resource "render_web_service" "shop" {
  name           = "shop"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
  custom_domains = [{ name = var.domain }, { name = "a.b.c.${var.domain}" }, { name = "shop.elsewhere.example" }]
}

# Cloudflare's own certificate is enough.
resource "cloudflare_zone" "small" {
  account = { id = var.account_id }
  name    = "small.example"
}

resource "cloudflare_dns_record" "small" {
  zone_id = cloudflare_zone.small.id
  name    = "*"
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = true
}

# Total TLS issues one for each proxied name.
resource "cloudflare_zone" "total" {
  account = { id = var.account_id }
  name    = "total.example"
}

resource "cloudflare_total_tls" "total" {
  zone_id = cloudflare_zone.total.id
  enabled = true
}

resource "cloudflare_dns_record" "total" {
  zone_id = cloudflare_zone.total.id
  name    = "a.b.total.example"
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = true
}

# Both certificates count where the setting says so.
resource "cloudflare_zone" "both" {
  account = { id = var.account_id }
  name    = "both.example"
}

resource "cloudflare_universal_ssl_setting" "both" {
  zone_id = cloudflare_zone.both.id
  enabled = true
}

resource "cloudflare_certificate_pack" "both" {
  zone_id               = cloudflare_zone.both.id
  type                  = "advanced"
  certificate_authority = "google"
  validation_method     = "txt"
  validity_days         = 90
  hosts                 = ["both.example", "a.b.both.example"]
}

resource "cloudflare_dns_record" "both" {
  for_each = toset(["api.both.example", "a.b.both.example"])

  zone_id = cloudflare_zone.both.id
  name    = each.key
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = true
}

resource "cloudflare_dns_record" "none" {
  count = 0

  zone_id = cloudflare_zone.small.id
  name    = "a.b.small.example"
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = true
}

# An uploaded certificate: its names are in the certificate itself.
resource "cloudflare_zone" "own" {
  account = { id = var.account_id }
  name    = "own.example"
}

resource "cloudflare_custom_ssl" "own" {
  zone_id     = cloudflare_zone.own.id
  certificate = file("${path.module}/own.pem")
  private_key = var.domain
}

resource "cloudflare_dns_record" "own" {
  zone_id = cloudflare_zone.own.id
  name    = "a.b.own.example"
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = true
}

# For a zone outside of this configuration, the shortest name is the apex.
resource "cloudflare_certificate_pack" "elsewhere" {
  zone_id               = "023e105f4ecef8ad9ca31a8372d0c353"
  type                  = "advanced"
  certificate_authority = "google"
  validation_method     = "txt"
  validity_days         = 90
  hosts                 = ["*.eu.tenth.example", "*.tenth.example", "tenth.example"]
}

resource "cloudflare_dns_record" "elsewhere" {
  for_each = toset(["api", "api.eu"])

  zone_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name    = each.key
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = true
}

# Without hosts, it covers the apex and one label.
resource "cloudflare_zone" "silent" {
  account = { id = var.account_id }
  name    = "silent.example"
}

resource "cloudflare_certificate_pack" "silent" {
  zone_id               = cloudflare_zone.silent.id
  type                  = "advanced"
  certificate_authority = "google"
  validation_method     = "txt"
  validity_days         = 90
}

resource "cloudflare_dns_record" "silent" {
  zone_id = cloudflare_zone.silent.id
  name    = "api"
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = true
}
