resource "cloudflare_zone" "this" {
  name    = var.domain
  account = { id = var.account_id }
}

resource "cloudflare_zone_setting" "this" {
  for_each = {
    ssl              = "strict"
    min_tls_version  = "1.2"
    always_use_https = "on"
  }

  zone_id    = cloudflare_zone.this.id
  setting_id = each.key
  value      = each.value
}

# These names have no origin, because the redirect responds first. 100:: is the discard prefix.
resource "cloudflare_dns_record" "placeholder" {
  for_each = toset([var.domain, "www.${var.domain}"])

  zone_id = cloudflare_zone.this.id
  name    = each.key
  type    = "AAAA"
  content = "100::"
  ttl     = 1
  proxied = true
}

resource "cloudflare_ruleset" "redirect" {
  zone_id = cloudflare_zone.this.id
  name    = "To ${var.target}"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules = [{
    ref         = "to_${replace(var.target, "/[^a-z0-9]/", "_")}"
    description = "${var.domain} to ${var.target}"
    expression  = "true"
    action      = "redirect"
    enabled     = true
    action_parameters = {
      from_value = {
        status_code           = 301
        preserve_query_string = true
        target_url = {
          expression = "concat(\"https://${var.target}\", http.request.uri.path)"
        }
      }
    }
  }]
}
