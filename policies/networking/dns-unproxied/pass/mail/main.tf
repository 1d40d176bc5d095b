variable "zone" {
  type = object({ id = string, name = string })
}

resource "cloudflare_dns_record" "exchange" {
  zone_id  = var.zone.id
  name     = var.zone.name
  type     = "MX"
  content  = "mail.${var.zone.name}"
  priority = 10
  ttl      = 300
}

resource "cloudflare_dns_record" "mail" {
  zone_id = var.zone.id
  name    = "mail"
  type    = "A"
  content = "198.51.100.30"
  ttl     = 300
}
