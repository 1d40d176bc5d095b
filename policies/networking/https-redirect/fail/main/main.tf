variable "account_id" {
  type = string
}

variable "https" {
  type = string
}

data "aws_ssm_parameter" "https" {
  name = "/shop/https"
}

# Neither a setting nor a rule.
resource "cloudflare_zone" "silent" { # expect: https-redirect
  account = { id = var.account_id }
  name    = "silent.example"
}

# The setting is off.
resource "cloudflare_zone" "off" {
  account = { id = var.account_id }
  name    = "off.example"
}

resource "cloudflare_zone_setting" "off" {
  zone_id    = cloudflare_zone.off.id
  setting_id = "always_use_https"
  value      = "off" # expect: https-redirect
}

# The rule covers one of two names.
resource "cloudflare_zone" "half" { # expect: https-redirect
  account = { id = var.account_id }
  name    = "half.example"
}

resource "cloudflare_dns_record" "half" {
  for_each = toset(["half.example", "api"])

  zone_id = cloudflare_zone.half.id
  name    = each.key
  type    = "CNAME"
  content = "half.onrender.com"
  ttl     = 1
  proxied = true
}

resource "cloudflare_ruleset" "half" {
  zone_id = cloudflare_zone.half.id
  name    = "Redirects"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules = [
    {
      expression = "(http.host eq \"half.example\" and not ssl)"
      action     = "redirect"
      action_parameters = {
        from_value = {
          status_code = 301
          target_url  = { expression = "concat(\"https://\", http.host, http.request.uri.path)" }
        }
      }
    },
    {
      expression = "not ssl"
      action     = "redirect"
      enabled    = false
      action_parameters = {
        from_value = {
          status_code = 301
          target_url  = { expression = "concat(\"https://\", http.host, http.request.uri.path)" }
        }
      }
    },
  ]
}

# Page rules are disabled by default.
resource "cloudflare_zone" "page" { # expect: https-redirect
  account = { id = var.account_id }
  name    = "page.example"
}

resource "cloudflare_page_rule" "page" {
  zone_id = cloudflare_zone.page.id
  target  = "http://*page.example/*"
  actions = { always_use_https = true }
}

# An input decides, and the provider decides.
resource "cloudflare_zone" "variable" {
  account = { id = var.account_id }
  name    = "variable.example"
}

resource "cloudflare_zone_setting" "variable" {
  zone_id    = cloudflare_zone.variable.id
  setting_id = "always_use_https"
  value      = var.https # expect-possible: https-redirect
}

resource "cloudflare_zone_setting" "fetched" {
  zone_id    = "023e105f4ecef8ad9ca31a8372d0c353"
  setting_id = "always_use_https"
  value      = data.aws_ssm_parameter.https.value # expect-undecided: https-redirect
}
