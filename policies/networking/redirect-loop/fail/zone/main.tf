variable "domain" {
  type = string
}

variable "account_id" {
  type = string
}

variable "canonical" {
  type = bool
}


resource "cloudflare_zone" "shop" {
  account = { id = var.account_id }
  name    = var.domain
}

# A ruleset sends www to the apex, a page rule sends the apex to www; for any domain.
resource "cloudflare_ruleset" "redirects" {
  zone_id = cloudflare_zone.shop.id
  name    = "Redirects"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules = [
    {
      description = "www to the apex"
      expression  = "(http.host eq \"www.${var.domain}\")"
      action      = "redirect"
      action_parameters = {
        from_value = {
          status_code = 301
          target_url  = { expression = "concat(\"https://${var.domain}\", http.request.uri.path)" }
        }
      }
    },
    {
      description = "back to itself"
      expression  = "http.host wildcard \"old.*\" and starts_with(http.request.uri.path, \"/shop\")"
      action      = "redirect"
      action_parameters = {
        from_value = {
          status_code = 302
          target_url = {
            expression = "concat(\"https://old.${var.domain}/shop\", http.request.uri.path)" # expect: redirect-loop
          }
        }
      }
    },
  ]
}

resource "cloudflare_page_rule" "apex" {
  zone_id = cloudflare_zone.shop.id
  target  = "https://${var.domain}/*"
  status  = "active"

  actions = {
    forwarding_url = {
      url         = "https://www.${var.domain}/$1" # expect: redirect-loop
      status_code = 301
    }
  }
}

# From a redirect list to a ruleset and back.
resource "cloudflare_zone" "second" {
  account = { id = var.account_id }
  name    = "second.example"
}

resource "cloudflare_ruleset" "second" {
  zone_id = cloudflare_zone.second.id
  name    = "Redirects"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules = [{
    expression = "(http.host in {\"www.second.example\" \"shop.second.example\"})"
    action     = "redirect"
    action_parameters = {
      from_value = {
        status_code = 301
        target_url  = { value = "https://second.example/start" }
      }
    }
  }]
}

resource "cloudflare_list" "moved" {
  account_id = var.account_id
  kind       = "redirect"
  name       = "moved"

  items = [
    { redirect = { source_url = "second.example/start", target_url = "https://www.second.example/" } }, # expect: redirect-loop
    { redirect = { source_url = "second.example/elsewhere", target_url = "https://third.example/" } },
  ]
}

# HTTPS to HTTP and back.
resource "cloudflare_zone" "third" {
  account = { id = var.account_id }
  name    = "third.example"
}

resource "cloudflare_zone_setting" "third" {
  for_each = {
    always_use_https = "on"
    ssl              = "off"
  }

  zone_id    = cloudflare_zone.third.id
  setting_id = each.key
  value      = each.value # expect: redirect-loop
}

# Only for some values of a variable.
resource "cloudflare_zone" "fourth" {
  account = { id = var.account_id }
  name    = "fourth.example"
}

resource "cloudflare_ruleset" "fourth" {
  zone_id = cloudflare_zone.fourth.id
  name    = "Redirects"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules = [
    {
      expression = "(http.host eq \"www.fourth.example\")"
      action     = "redirect"
      action_parameters = {
        from_value = {
          target_url = { value = "https://fourth.example/" }
        }
      }
    },
    {
      expression = "(http.host eq \"fourth.example\")"
      action     = "redirect"
      enabled    = var.canonical
      action_parameters = {
        from_value = {
          target_url = { value = "https://www.fourth.example/" } # expect-possible: redirect-loop
        }
      }
    },
  ]
}

# A site that redirects two of its pages to each other.
resource "render_static_site" "docs" {
  name          = "docs"
  repo_url      = "https://github.com/livestreamsell/docs"
  branch        = "main"
  build_command = "make"
  publish_path  = "site"

  routes = [
    { source = "/guide", destination = "/manual", type = "redirect" },
    { source = "/manual", destination = "/guide", type = "redirect" }, # expect: redirect-loop
    { source = "/old/*", destination = "/new/*", type = "redirect" },
    { source = "/app", destination = "/app", type = "rewrite" },
  ]
}

# A pattern with the rest of the path, to one page and back.
resource "render_static_site" "manuals" {
  name          = "manuals"
  repo_url      = "https://github.com/livestreamsell/manuals"
  branch        = "main"
  build_command = "make"
  publish_path  = "site"

  routes = [
    { source = "/print/*", destination = "/screen/*", type = "redirect" },
    { source = "/screen/sample", destination = "/print/sample", type = "redirect" }, # expect: redirect-loop
  ]
}
