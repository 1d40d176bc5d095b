locals {
  mail_records = merge(
    {
      for exchange, priority in var.mail.exchanges : "mx ${exchange}" => {
        type     = "MX"
        name     = var.domain
        content  = exchange
        priority = priority
      }
    },
    {
      spf = {
        type     = "TXT"
        name     = var.domain
        content  = "\"v=spf1 include:${var.mail.spf_include} -all\""
        priority = null
      }
      dmarc = {
        type     = "TXT"
        name     = "_dmarc.${var.domain}"
        content  = "\"v=DMARC1; p=reject; rua=mailto:${var.mail.reports}\""
        priority = null
      }
    },
  )

  certificate_authorities = ["pki.goog", "letsencrypt.org"]
}

resource "cloudflare_dns_record" "host" {
  for_each = var.hosts

  zone_id = cloudflare_zone.this.id
  name    = each.key
  type    = "CNAME"
  content = each.value
  ttl     = 1
  proxied = true
}

resource "cloudflare_dns_record" "www" {
  zone_id = cloudflare_zone.this.id
  name    = "www.${var.domain}"
  type    = "CNAME"
  content = var.domain
  ttl     = 1
  proxied = true
  comment = "Answered by the redirect to the apex"
}

resource "cloudflare_dns_record" "mail" {
  for_each = local.mail_records

  zone_id  = cloudflare_zone.this.id
  name     = each.value.name
  type     = each.value.type
  content  = each.value.content
  priority = each.value.priority
  ttl      = 3600
}

# Google issues the edge certificate, and Let's Encrypt issues the origin certificate at Render.
resource "cloudflare_dns_record" "caa" {
  for_each = toset(local.certificate_authorities)

  zone_id = cloudflare_zone.this.id
  name    = var.domain
  type    = "CAA"
  ttl     = 3600

  data = {
    flags = 0
    tag   = "issue"
    value = each.key
  }
}
