locals {
  # A zone has one ruleset for each phase, so it contains all redirects. The first matching rule applies.
  redirects = [
    {
      ref         = "www_to_apex"
      description = "www to the apex"
      expression  = "(http.host eq \"www.${var.domain}\")"
      target      = "concat(\"https://${var.domain}\", http.request.uri.path)"
    },
    {
      ref         = "http_to_https"
      description = "http to https"
      expression  = "(not ssl)"
      target      = "concat(\"https://\", http.host, http.request.uri.path)"
    },
  ]
}

resource "cloudflare_ruleset" "redirects" {
  zone_id = cloudflare_zone.this.id
  name    = "Redirects"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules = [
    for redirect in local.redirects : {
      ref         = redirect.ref
      description = redirect.description
      expression  = redirect.expression
      action      = "redirect"
      enabled     = true

      action_parameters = {
        from_value = {
          status_code           = 301
          preserve_query_string = true
          target_url            = { expression = redirect.target }
        }
      }
    }
  ]
}

resource "cloudflare_ruleset" "office_only" {
  count = var.office_only ? 1 : 0

  zone_id = cloudflare_zone.this.id
  name    = "Office only"
  kind    = "zone"
  phase   = "http_request_firewall_custom"

  rules = [{
    ref         = "office_only"
    description = "Office addresses only"
    expression  = "(not ip.src in {${join(" ", values(var.office_cidrs))}})"
    action      = "block"
    enabled     = true
  }]
}

module "legacy_domain" {
  source   = "./legacy_domain"
  for_each = var.legacy_domains

  account_id = var.cloudflare_account_id
  domain     = each.key
  target     = var.domain
}
