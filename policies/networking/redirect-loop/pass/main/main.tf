variable "domain" {
  type = string
}

variable "account_id" {
  type = string
}

resource "cloudflare_zone" "shop" {
  account = { id = var.account_id }
  name    = var.domain
}

resource "cloudflare_zone_setting" "shop" {
  for_each = {
    always_use_https = "on"
    ssl              = "strict"
  }

  zone_id    = cloudflare_zone.shop.id
  setting_id = each.key
  value      = each.value
}

resource "cloudflare_dns_record" "shop" {
  zone_id = cloudflare_zone.shop.id
  name    = "@"
  type    = "CNAME"
  content = "shop.onrender.com"
  ttl     = 1
  proxied = true
}

resource "cloudflare_ruleset" "redirects" {
  zone_id = cloudflare_zone.shop.id
  name    = "Redirects"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules = [
    {
      expression = "(http.host eq \"www.${var.domain}\")"
      action     = "redirect"
      action_parameters = {
        from_value = {
          preserve_query_string = true
          target_url            = { expression = "concat(\"https://${var.domain}\", http.request.uri.path)" }
        }
      }
    },
    {
      expression = "(not ssl)"
      action     = "redirect"
      action_parameters = {
        from_value = {
          target_url = { expression = "concat(\"https://\", http.host, http.request.uri.path)" }
        }
      }
    },
    {
      # Unknown whether this matches the redirected request.
      expression = "(http.host eq \"${var.domain}\" and ip.src.country eq \"DE\")"
      action     = "redirect"
      action_parameters = {
        from_value = {
          target_url = { value = "https://www.${var.domain}/de" }
        }
      }
    },
    {
      expression = "(http.host eq \"${var.domain}\")"
      action     = "redirect"
      enabled    = false
      action_parameters = {
        from_value = {
          target_url = { value = "https://www.${var.domain}/" }
        }
      }
    },
    {
      expression = "(http.request.uri.path eq \"/login\")"
      action     = "redirect"
      action_parameters = {
        from_value = {
          target_url = { value = "https://${var.domain}/account/login" }
        }
      }
    },
  ]
}

# Page rules are disabled by default.
resource "cloudflare_page_rule" "apex" {
  zone_id = cloudflare_zone.shop.id
  target  = "https://${var.domain}/*"

  actions = {
    forwarding_url = {
      url         = "https://www.${var.domain}/$1"
      status_code = 301
    }
  }
}

resource "cloudflare_list" "moved" {
  account_id = var.account_id
  kind       = "redirect"
  name       = "moved"

  items = [
    {
      redirect = {
        source_url            = "old.example/"
        target_url            = "https://${var.domain}/"
        include_subdomains    = true
        subpath_matching      = true
        preserve_query_string = true
      }
    },
    { redirect = { source_url = "${var.domain}/a", target_url = "https://${var.domain}/b" } },
  ]
}

# Rules of another zone do not apply to requests of this one.
resource "cloudflare_zone" "legacy" {
  account = { id = var.account_id }
  name    = "legacy.example"
}

resource "cloudflare_ruleset" "legacy" {
  zone_id = cloudflare_zone.legacy.id
  name    = "To ${var.domain}"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules = [{
    expression = "true"
    action     = "redirect"
    action_parameters = {
      from_value = {
        target_url = { expression = "concat(\"https://${var.domain}\", http.request.uri.path)" }
      }
    }
  }]
}

resource "cloudflare_ruleset" "none" {
  count = 0

  zone_id = cloudflare_zone.shop.id
  name    = "None"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules = [{
    expression = "true"
    action     = "redirect"
    action_parameters = {
      from_value = {
        target_url = { value = "https://${var.domain}/" }
      }
    }
  }]
}

resource "render_static_site" "docs" {
  name           = "docs"
  repo_url       = "https://github.com/livestreamsell/docs"
  branch         = "main"
  build_command  = "make"
  publish_path   = "site"
  custom_domains = [{ name = "docs.${var.domain}" }]

  routes = [
    { source = "/guide", destination = "/manual", type = "redirect" },
    { source = "/*", destination = "/index.html", type = "rewrite" },
    { source = "/shop", destination = "https://${var.domain}/", type = "redirect" },
  ]
}

# A route for a page does not match the pages below it.
resource "render_static_site" "manuals" {
  name          = "manuals"
  repo_url      = "https://github.com/livestreamsell/manuals"
  branch        = "main"
  build_command = "make"
  publish_path  = "site"

  routes = [
    { source = "/intro", destination = "/intro/first", type = "redirect" },
    { source = "/old/*", destination = "/new/*", type = "redirect" },
  ]
}

# No TLS behind Cloudflare, but the server does not redirect.
resource "cloudflare_zone" "plain" {
  account = { id = var.account_id }
  name    = "plain.example"
}

resource "cloudflare_zone_setting" "plain" {
  zone_id    = cloudflare_zone.plain.id
  setting_id = "ssl"
  value      = "flexible"
}

resource "aws_lb" "plain" {
  name    = "plain"
  subnets = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
}

resource "cloudflare_dns_record" "plain" {
  zone_id = cloudflare_zone.plain.id
  name    = "@"
  type    = "CNAME"
  content = aws_lb.plain.dns_name
  ttl     = 1
  proxied = true
}

resource "aws_lb_listener" "streams" {
  load_balancer_arn = aws_lb.plain.arn
  port              = 1935
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/streams/0123456789abcdef"
  }
}
