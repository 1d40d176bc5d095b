variable "zone_id" {
  type = string
}

variable "target" {
  type = string
}

variable "service" {
  type = string
}

data "aws_ssm_parameter" "target" {
  name = "/shop/target"
}

resource "render_web_service" "shop" {
  name           = "shop"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
}

# The service was deleted, the record stayed.
resource "cloudflare_dns_record" "old" {
  zone_id = var.zone_id
  name    = "old.shop.example"
  type    = "CNAME"
  content = "old-shop.onrender.com" # expect: dangling-dns
  ttl     = 1
  proxied = true
}

resource "render_web_service" "beta" {
  count = 0

  name           = "beta"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
}

resource "cloudflare_dns_record" "beta" {
  zone_id = var.zone_id
  name    = "beta.shop.example"
  type    = "CNAME"
  content = "beta.onrender.com" # expect: dangling-dns
  ttl     = 1
  proxied = true
}

# Several records, one of them dangling.
resource "cloudflare_dns_record" "each" {
  for_each = {
    www = "shop-ab12.onrender.com"
    app = "app.onrender.com"
  }

  zone_id = var.zone_id
  name    = "${each.key}.shop.example"
  type    = "CNAME"
  content = each.value # expect: dangling-dns
  ttl     = 1
}

resource "cloudflare_dns_record" "variable" {
  zone_id = var.zone_id
  name    = "variable.shop.example"
  type    = "CNAME"
  content = var.target # expect-possible: dangling-dns
  ttl     = 1
}

resource "cloudflare_dns_record" "fetched" {
  zone_id = var.zone_id
  name    = "fetched.shop.example"
  type    = "CNAME"
  content = data.aws_ssm_parameter.target.value # expect-undecided: dangling-dns
  ttl     = 1
}

# Service and record are in different modules; the host is an output, or a literal.
module "admin" {
  source = "./service"
  name   = "shop-admin"
}

module "records" {
  source = "./records"

  hosts = {
    admin = module.admin.host
    ops   = "shop-ops.onrender.com"
    panel = "shop-admin.onrender.com"
  }
}
