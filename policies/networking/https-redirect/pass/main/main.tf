variable "account_id" {
  type = string
}

variable "domain" {
  type = string
}

# The setting is in a module.
resource "cloudflare_zone" "shop" {
  account = { id = var.account_id }
  name    = var.domain
}

module "settings" {
  source  = "./zone"
  zone_id = cloudflare_zone.shop.id
}

# A rule redirects any domain.
resource "cloudflare_zone" "rule" {
  account = { id = var.account_id }
  name    = "rule.${var.domain}"
}

resource "cloudflare_zone_setting" "rule" {
  zone_id    = cloudflare_zone.rule.id
  setting_id = "always_use_https"
  value      = "off"
}

resource "cloudflare_dns_record" "rule" {
  for_each = toset(["@", "www", "*"])

  zone_id = cloudflare_zone.rule.id
  name    = each.key
  type    = "CNAME"
  content = "rule.onrender.com"
  ttl     = 1
  proxied = true
}

resource "cloudflare_ruleset" "rule" {
  zone_id = cloudflare_zone.rule.id
  name    = "Redirects"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules = [
    {
      expression = "(http.host eq \"www.rule.${var.domain}\")"
      action     = "redirect"
      action_parameters = {
        from_value = {
          status_code = 301
          target_url  = { value = "https://rule.${var.domain}/" }
        }
      }
    },
    {
      expression = "(not ssl)"
      action     = "redirect"
      action_parameters = {
        from_value = {
          status_code = 301
          target_url  = { expression = "wildcard_replace(http.request.full_uri, \"http://*\", \"https://$${1}\")" }
        }
      }
    },
  ]
}

# A page rule redirects.
resource "cloudflare_zone" "page" {
  account = { id = var.account_id }
  name    = "page.example"
}

resource "cloudflare_page_rule" "page" {
  zone_id = cloudflare_zone.page.id
  target  = "http://*page.example/*"
  status  = "active"
  actions = { always_use_https = true }
}

# A zone for mail only serves no web page.
resource "cloudflare_zone" "mail" {
  account = { id = var.account_id }
  name    = "mail.example"
}

resource "cloudflare_dns_record" "mail" {
  zone_id  = cloudflare_zone.mail.id
  name     = "@"
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

resource "aws_lb" "inside" {
  name     = "inside"
  subnets  = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
  internal = true
}

resource "aws_lb_target_group" "inside" {
  name     = "inside"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = "vpc-0a1b2c3d"
}

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

# A fixed response sends no page and no cookie.
resource "aws_lb_listener" "closed" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 8080
  protocol          = "HTTP"

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener" "inside" {
  load_balancer_arn = aws_lb.inside.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.inside.arn
  }
}

# Listeners of a gateway load balancer have no port and protocol.
resource "aws_lb" "firewalls" {
  name               = "firewalls"
  load_balancer_type = "gateway"
  subnets            = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
}

resource "aws_lb_listener" "firewalls" {
  load_balancer_arn = aws_lb.firewalls.arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.inside.arn
  }
}
