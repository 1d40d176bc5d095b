variable "account_id" {
  type = string
}

variable "domain" {
  type = string
}

variable "deep" {
  type = bool
}

data "aws_ssm_parameter" "host" {
  name = "/shop/host"
}

# The ordered certificate covers the apex and one label of any domain.
resource "cloudflare_zone" "shop" {
  account = { id = var.account_id }
  name    = var.domain
}

resource "cloudflare_certificate_pack" "shop" {
  zone_id               = cloudflare_zone.shop.id
  type                  = "advanced"
  certificate_authority = "google"
  validation_method     = "txt"
  validity_days         = 90
  hosts                 = [var.domain, "*.${var.domain}"] # expect: certificate-coverage
}

resource "cloudflare_dns_record" "shop" {
  for_each = toset(["@", "www", "media.eu"])

  zone_id = cloudflare_zone.shop.id
  name    = each.key
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = true
}

# A custom domain of a service without a record here.
resource "cloudflare_zone" "second" {
  account = { id = var.account_id }
  name    = "second.example"
}

resource "cloudflare_certificate_pack" "second" {
  zone_id               = cloudflare_zone.second.id
  type                  = "advanced"
  certificate_authority = "lets_encrypt"
  validation_method     = "txt"
  validity_days         = 90
  hosts                 = ["second.example", "www.second.example"] # expect: certificate-coverage
}

resource "render_web_service" "api" {
  name           = "api"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/livestreamsell/api", tag = "1.0.0" } }
  custom_domains = [{ name = "www.second.example" }, { name = "api.second.example" }]
}

# No ordered certificate, and Cloudflare's own ends one label below the apex.
resource "cloudflare_zone" "third" {
  account = { id = var.account_id }
  name    = "third.example"
}

resource "cloudflare_dns_record" "third" {
  zone_id = cloudflare_zone.third.id
  name    = "api.eu.third.example" # expect: certificate-coverage
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = true
}

# Cloudflare's own certificate is disabled.
resource "cloudflare_zone" "fourth" {
  account = { id = var.account_id }
  name    = "fourth.example"
}

resource "cloudflare_universal_ssl_setting" "fourth" {
  zone_id = cloudflare_zone.fourth.id
  enabled = false
}

resource "cloudflare_dns_record" "fourth" {
  zone_id = cloudflare_zone.fourth.id
  name    = "fourth.example" # expect: certificate-coverage
  type    = "A"
  content = "198.51.100.7"
  ttl     = 1
  proxied = true
}

# A variable decides whether the deep name is proxied.
resource "cloudflare_zone" "fifth" {
  account = { id = var.account_id }
  name    = "fifth.example"
}

resource "cloudflare_dns_record" "fifth" {
  zone_id = cloudflare_zone.fifth.id
  name    = "api.eu.fifth.example" # expect-possible: certificate-coverage
  type    = "A"
  content = "198.51.100.7"
  ttl     = 1
  proxied = var.deep
}

# Only the provider knows which names the certificate covers.
resource "cloudflare_zone" "sixth" {
  account = { id = var.account_id }
  name    = "sixth.example"
}

resource "cloudflare_certificate_pack" "sixth" {
  zone_id               = cloudflare_zone.sixth.id
  type                  = "advanced"
  certificate_authority = "google"
  validation_method     = "txt"
  validity_days         = 90
  hosts                 = ["sixth.example", data.aws_ssm_parameter.host.value] # expect-undecided: certificate-coverage
}

resource "cloudflare_dns_record" "sixth" {
  zone_id = cloudflare_zone.sixth.id
  name    = "api.sixth.example"
  type    = "A"
  content = "198.51.100.7"
  ttl     = 1
  proxied = true
}

# A zone outside of this configuration.
resource "cloudflare_certificate_pack" "seventh" {
  zone_id               = "023e105f4ecef8ad9ca31a8372d0c353"
  type                  = "advanced"
  certificate_authority = "google"
  validation_method     = "txt"
  validity_days         = 90
  hosts                 = ["seventh.example"] # expect: certificate-coverage
}

resource "cloudflare_dns_record" "seventh" {
  zone_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name    = "api.seventh.example"
  type    = "A"
  content = "198.51.100.7"
  ttl     = 1
  proxied = true
}

# Without hosts, it covers the apex and one label below.
resource "cloudflare_zone" "eighth" {
  account = { id = var.account_id }
  name    = "eighth.example"
}

resource "cloudflare_certificate_pack" "eighth" { # expect: certificate-coverage
  zone_id               = cloudflare_zone.eighth.id
  type                  = "advanced"
  certificate_authority = "google"
  validation_method     = "txt"
  validity_days         = 90
}

resource "cloudflare_record" "eighth" {
  zone_id = cloudflare_zone.eighth.id
  name    = "api.eu"
  type    = "A"
  value   = "198.51.100.7"
  proxied = true
}

# An input decides which names it covers.
variable "hosts" {
  type = list(string)
}

resource "cloudflare_zone" "ninth" {
  account = { id = var.account_id }
  name    = "ninth.example"
}

resource "cloudflare_certificate_pack" "ninth" {
  zone_id               = cloudflare_zone.ninth.id
  type                  = "advanced"
  certificate_authority = "google"
  validation_method     = "txt"
  validity_days         = 90
  hosts                 = concat(["ninth.example"], var.hosts) # expect-possible: certificate-coverage
}

resource "cloudflare_dns_record" "ninth" {
  zone_id = cloudflare_zone.ninth.id
  name    = "api.ninth.example"
  type    = "A"
  content = "198.51.100.7"
  ttl     = 1
  proxied = true
}
