# Names in the option direct_names: by first label, and in full.
resource "cloudflare_zone" "shop" {
  account = { id = "023e105f4ecef8ad9ca31a8372d0c353" }
  name    = "shop.example"
}

resource "cloudflare_dns_record" "rtmp" {
  zone_id = cloudflare_zone.shop.id
  name    = "rtmp.eu"
  type    = "A"
  content = "198.51.100.20"
  ttl     = 300
}

resource "cloudflare_dns_record" "sip" {
  zone_id = cloudflare_zone.shop.id
  name    = "sip"
  type    = "A"
  content = "198.51.100.21"
  ttl     = 300
}

# The zone is here, the records are in a module.
module "mail" {
  source = "./mail"
  zone   = cloudflare_zone.shop
}
