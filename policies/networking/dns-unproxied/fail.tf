variable "zone_id" {
  type = string
}

variable "proxied" {
  type = bool
}

variable "type" {
  type = string
}

data "aws_ssm_parameter" "proxied" {
  name = "/shop/proxied"
}

resource "cloudflare_dns_record" "apex" {
  zone_id = var.zone_id
  name    = "shop.example"
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = false # expect: dns-unproxied
}

# Not proxied by default.
resource "cloudflare_dns_record" "api" { # expect: dns-unproxied
  zone_id = var.zone_id
  name    = "api.shop.example"
  type    = "A"
  content = "198.51.100.7"
  ttl     = 300
}

resource "cloudflare_dns_record" "nothing" {
  zone_id = var.zone_id
  name    = "nothing.shop.example"
  type    = "AAAA"
  content = "2001:db8::7"
  ttl     = 300
  proxied = null # expect: dns-unproxied
}

resource "cloudflare_dns_record" "switched" {
  for_each = {
    app   = true
    media = false
  }

  zone_id = var.zone_id
  name    = "${each.key}.shop.example"
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = each.value # expect: dns-unproxied
}

resource "cloudflare_dns_record" "variable" {
  zone_id = var.zone_id
  name    = "variable.shop.example"
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = var.proxied # expect-possible: dns-unproxied
}

resource "cloudflare_dns_record" "type" {
  zone_id = var.zone_id
  name    = "type.shop.example"
  type    = var.type
  content = "shop.onrender.com"
  ttl     = 1
  proxied = false # expect-possible: dns-unproxied
}

resource "cloudflare_dns_record" "fetched" {
  zone_id = var.zone_id
  name    = "fetched.shop.example"
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = data.aws_ssm_parameter.proxied.value == "yes" # expect-undecided: dns-unproxied
}

# The target is known only after apply.
resource "aws_eip" "encoder" {
  domain = "vpc"
}

resource "cloudflare_record" "encoder" {
  zone_id = var.zone_id
  name    = "encoder.shop.example"
  type    = "A"
  value   = aws_eip.encoder.public_ip
  proxied = false # expect: dns-unproxied
}

resource "cloudflare_dns_record" "mail" {
  zone_id  = var.zone_id
  name     = "shop.example"
  type     = "MX"
  content  = "mx.mailhost.example"
  priority = 10
  ttl      = 300
}
