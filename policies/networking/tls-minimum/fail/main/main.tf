variable "least_version" {
  type = string
}

variable "account_id" {
  type = string
}

variable "policy" {
  type = string
}

data "aws_ssm_parameter" "version" {
  name = "/shop/version"
}

# Cloudflare accepts TLS 1.0 by default.
resource "cloudflare_zone" "silent" { # expect: tls-minimum
  account = { id = var.account_id }
  name    = "silent.example"
}

resource "cloudflare_zone_setting" "silent" {
  zone_id    = cloudflare_zone.silent.id
  setting_id = "always_use_https"
  value      = "on"
}

resource "cloudflare_zone" "shop" {
  account = { id = var.account_id }
  name    = "shop.example"
}

resource "cloudflare_zone_setting" "shop" {
  for_each = {
    min_tls_version = "1.1"
    ssl             = "flexible"
  }

  zone_id    = cloudflare_zone.shop.id
  setting_id = each.key
  value      = each.value # expect: tls-minimum, tls-minimum
}

# The zone is outside of this configuration.
resource "cloudflare_zone_setting" "other" {
  zone_id    = "023e105f4ecef8ad9ca31a8372d0c353"
  setting_id = "min_tls_version"
  value      = "1.0" # expect: tls-minimum
}

resource "cloudflare_zone_setting" "variable" {
  zone_id    = "123e105f4ecef8ad9ca31a8372d0c353"
  setting_id = "min_tls_version"
  value      = var.least_version # expect-possible: tls-minimum
}

resource "cloudflare_zone_setting" "fetched" {
  zone_id    = "223e105f4ecef8ad9ca31a8372d0c353"
  setting_id = "min_tls_version"
  value      = data.aws_ssm_parameter.version.value # expect-undecided: tls-minimum
}

resource "aws_lb" "shop" {
  name    = "shop"
  subnets = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
}

resource "aws_lb_listener" "old" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-2016-08" # expect: tls-minimum
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener" "silent" { # expect: tls-minimum
  load_balancer_arn = aws_lb.shop.arn
  port              = 8443
  protocol          = "TLS"
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener" "variable" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 9443
  protocol          = "HTTPS"
  ssl_policy        = var.policy # expect-possible: tls-minimum
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}
