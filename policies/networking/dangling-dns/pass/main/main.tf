variable "prefix" {
  type = string
}

resource "render_web_service" "shop" {
  name           = "${var.prefix}-shop"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
}

resource "render_static_site" "docs" {
  name          = "Shop Docs"
  repo_url      = "https://github.com/livestreamsell/docs"
  branch        = "main"
  build_command = "make"
  publish_path  = "site"
}

resource "aws_s3_bucket" "site" {
  bucket = "static.shop.example"
}

# One record for each of an unknown number of services.
variable "sites" {
  type = set(string)
}

resource "render_static_site" "each" {
  for_each = var.sites

  name          = each.key
  repo_url      = "https://github.com/livestreamsell/sites"
  branch        = "main"
  build_command = "make"
  publish_path  = "site"
}

resource "cloudflare_dns_record" "each" {
  for_each = var.sites

  zone_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name    = each.key
  type    = "CNAME"
  content = trimprefix(render_static_site.each[each.key].url, "https://")
  ttl     = 1
}

# Records for some of the services.
variable "shown" {
  type = set(string)
}

resource "cloudflare_dns_record" "shown" {
  for_each = { for site in var.shown : site => site if startswith(site, "shop") }

  zone_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name    = each.key
  type    = "CNAME"
  content = trimprefix(render_static_site.each[each.key].url, "https://")
  ttl     = 1
}
