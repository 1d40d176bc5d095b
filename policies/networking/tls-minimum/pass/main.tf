variable "account_id" {
  type = string
}

variable "least_version" {
  type = string

  validation {
    condition     = contains(["1.2", "1.3"], var.least_version)
    error_message = "The versions that hold."
  }
}

# Its settings are in a module.
resource "cloudflare_zone" "shop" {
  account = { id = var.account_id }
  name    = "shop.example"
}

module "settings" {
  source         = "./zone"
  zone_id        = cloudflare_zone.shop.id
  version_of_tls = var.least_version
}

# A zone for mail only serves no browser.
resource "cloudflare_zone" "mail" {
  account = { id = var.account_id }
  name    = "mail.example"
}

resource "cloudflare_dns_record" "mail" {
  zone_id  = cloudflare_zone.mail.id
  name     = "mail.example"
  type     = "MX"
  content  = "mx.mailhost.example"
  priority = 10
  ttl      = 300
}

resource "cloudflare_zone" "none" {
  count = 0

  account = { id = var.account_id }
  name    = "none.example"
}

resource "aws_lb" "shop" {
  name    = "shop"
  subnets = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

# Without TLS there is no version.
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

# Version 4 of the provider: one resource for all settings of a zone.
resource "cloudflare_zone" "older" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  zone       = "older.example"
}

resource "cloudflare_zone_settings_override" "older" {
  zone_id = cloudflare_zone.older.id

  settings {
    min_tls_version = "1.2"
    ssl             = "strict"
  }
}
