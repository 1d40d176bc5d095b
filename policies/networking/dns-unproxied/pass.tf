variable "domain" {
  type = string
}

variable "account_id" {
  type = string
}

locals {
  records = {
    shop = { type = "CNAME", content = "shop.onrender.com", proxied = true }
    mail = { type = "MX", content = "mx.${var.domain}", proxied = false }
    text = { type = "TXT", content = "\"v=spf1 -all\"", proxied = null }
  }
}

resource "cloudflare_zone" "shop" {
  account = { id = var.account_id }
  name    = var.domain
}

resource "cloudflare_dns_record" "this" {
  for_each = local.records

  zone_id = cloudflare_zone.shop.id
  name    = each.key
  type    = each.value.type
  content = each.value.content
  proxied = each.value.proxied
  ttl     = 1
}

# Mail servers must be reached directly.
resource "cloudflare_dns_record" "mx" {
  zone_id = cloudflare_zone.shop.id
  name    = "mx"
  type    = "A"
  content = "198.51.100.25"
  ttl     = 300
}

resource "cloudflare_dns_record" "turn" {
  zone_id = cloudflare_zone.shop.id
  name    = "turn.${var.domain}"
  type    = "A"
  content = "198.51.100.26"
  ttl     = 300
}

resource "cloudflare_dns_record" "service" {
  zone_id = cloudflare_zone.shop.id
  name    = "_turn._udp.${var.domain}"
  type    = "SRV"
  ttl     = 300

  data = {
    priority = 0
    weight   = 0
    port     = 3478
    target   = "turn.${var.domain}"
  }
}

# Names for machines, and a private address.
resource "cloudflare_dns_record" "dkim" {
  zone_id = cloudflare_zone.shop.id
  name    = "s1._domainkey"
  type    = "CNAME"
  content = "s1.domainkey.mailhost.example"
  ttl     = 300
}

resource "cloudflare_dns_record" "internal" {
  zone_id = cloudflare_zone.shop.id
  name    = "vault.${var.domain}"
  type    = "A"
  content = "10.20.0.9"
  ttl     = 300
}

resource "cloudflare_dns_record" "none" {
  count = 0

  zone_id = cloudflare_zone.shop.id
  name    = "none"
  type    = "A"
  content = "198.51.100.9"
  ttl     = 300
}

# AWS computes the names that validate a certificate.
resource "aws_acm_certificate" "shop" {
  domain_name       = var.domain
  validation_method = "DNS"
}

resource "cloudflare_dns_record" "validation" {
  for_each = {
    for option in aws_acm_certificate.shop.domain_validation_options : option.domain_name => option
  }

  zone_id = cloudflare_zone.shop.id
  name    = each.value.resource_record_name
  type    = each.value.resource_record_type
  content = each.value.resource_record_value
  ttl     = 300
}

# These point at another CDN.
resource "aws_cloudfront_distribution" "media" {
  enabled = true
  aliases = []

  origin {
    domain_name = "media.shop.example"
    origin_id   = "media"
  }

  default_cache_behavior {
    target_origin_id       = "media"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    viewer_protocol_policy = "redirect-to-https"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

resource "cloudflare_dns_record" "cdn" {
  for_each = {
    media = aws_cloudfront_distribution.media.domain_name
    press = "cname.vercel-dns.com."
    blog  = "4f5b0a82.vercel-dns-017.com"
  }

  zone_id = cloudflare_zone.shop.id
  name    = each.key
  type    = "CNAME"
  content = each.value
  ttl     = 300
}
