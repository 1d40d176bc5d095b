variable "name" {
  type = string
}

resource "aws_s3_bucket" "site" {
  bucket = var.name
}

# A variable decides whether the bucket has this name.
resource "cloudflare_dns_record" "site" {
  zone_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name    = "static.shop.example"
  type    = "CNAME"
  content = "static.shop.example.s3-website.eu-central-1.amazonaws.com" # expect-possible: dangling-dns
  ttl     = 1
}

resource "aws_lb" "ingest" {
  name    = "ingest"
  subnets = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
}

resource "cloudflare_dns_record" "ingest" {
  zone_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name    = "ingest.shop.example"
  type    = "CNAME"
  content = "encoder-1234567890.eu-central-1.elb.amazonaws.com" # expect: dangling-dns
  ttl     = 1
}

# Only Supabase knows the host of the project.
resource "supabase_project" "shop" {
  organization_id   = "livestreamsell"
  name              = "shop"
  region            = "eu-central-1"
  database_password = var.name
}

resource "cloudflare_dns_record" "database" {
  zone_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name    = "db.shop.example"
  type    = "CNAME"
  content = "abcdefghijklmnopqrst.supabase.co" # expect-undecided: dangling-dns
  ttl     = 1
}

# Alias records point at hosts too.
resource "aws_route53_record" "gone" {
  zone_id = "Z0123456789ABCDEFGHIJ"
  name    = "gone.shop.example"
  type    = "A"

  alias {
    name                   = "gone-1234567890.eu-central-1.elb.amazonaws.com" # expect: dangling-dns
    zone_id                = "Z215JYRZR1TBD5"
    evaluate_target_health = true
  }
}

resource "aws_route53_record" "ingest" {
  zone_id = "Z0123456789ABCDEFGHIJ"
  name    = "ingest.shop.example"
  type    = "A"

  alias {
    name                   = "dualstack.ingest-1234567890.eu-central-1.elb.amazonaws.com"
    zone_id                = "Z215JYRZR1TBD5"
    evaluate_target_health = true
  }
}

resource "aws_route53_record" "several" {
  zone_id = "Z0123456789ABCDEFGHIJ"
  name    = "several.shop.example"
  type    = "CNAME"
  ttl     = 60
  records = ["ingest-1234567890.eu-central-1.elb.amazonaws.com"]
}

# A part of the host is unknown.
resource "cloudflare_record" "partly" {
  zone_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name    = "partly.shop.example"
  type    = "CNAME"
  value   = "${var.name}-1234567890.eu-central-1.elb.amazonaws.com" # expect-possible: dangling-dns
}

resource "cloudflare_dns_record" "pages" {
  zone_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name    = "pages.shop.example"
  type    = "CNAME"
  content = "shop-site.pages.dev" # expect-undecided: dangling-dns
  ttl     = 1
}

# Below a host of this repository, with an unknown label.
resource "cloudflare_dns_record" "below" {
  zone_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name    = "below.shop.example"
  type    = "CNAME"
  content = "${var.name}.${aws_lb.ingest.dns_name}" # expect-undecided: dangling-dns
  ttl     = 1
}
