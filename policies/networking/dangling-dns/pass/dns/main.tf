variable "zone_id" {
  type = string
}

variable "prefix" {
  type = string
}

locals {
  # The services are in this root and in the neighbouring one.
  hosts = {
    docs   = "shop-docs.onrender.com"
    manual = "shop-docs-x7k2.onrender.com."
    static = "static.shop.example.s3.eu-central-1.amazonaws.com"
    status = "statuspage.example"
    api    = trimprefix(render_web_service.api.url, "https://")
    named  = "${render_web_service.api.name}.onrender.com"
  }
}

resource "render_web_service" "api" {
  name           = "${var.prefix}-api"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/livestreamsell/api", tag = "1.0.0" } }
}

resource "cloudflare_dns_record" "this" {
  for_each = local.hosts

  zone_id = var.zone_id
  name    = "${each.key}.shop.example"
  type    = "CNAME"
  content = each.value
  ttl     = 1
  proxied = true
}

# No resource is on this platform, so the owner is unknown.
resource "cloudflare_dns_record" "foreign" {
  zone_id = var.zone_id
  name    = "pages.shop.example"
  type    = "CNAME"
  content = "shop.pages.dev"
  ttl     = 1
}

resource "cloudflare_dns_record" "text" {
  zone_id = var.zone_id
  name    = "shop.example"
  type    = "TXT"
  content = "old.onrender.com"
  ttl     = 1
}

resource "cloudflare_dns_record" "none" {
  count = 0

  zone_id = var.zone_id
  name    = "none.shop.example"
  type    = "CNAME"
  content = "none.onrender.com"
  ttl     = 1
}
