variable "name" {
  type = string
}

variable "target" {
  type = string
}

resource "cloudflare_zone" "this" {
  account = { id = "023e105f4ecef8ad9ca31a8372d0c353" }
  name    = var.name
}

resource "cloudflare_ruleset" "this" {
  zone_id = cloudflare_zone.this.id
  name    = "To ${var.target}"
  kind    = "zone"
  phase   = "http_request_dynamic_redirect"

  rules = [{
    expression = "true"
    action     = "redirect"
    action_parameters = {
      from_value = {
        target_url = {
          expression = "concat(\"https://${var.target}\", http.request.uri.path)" # expect: redirect-loop
        }
      }
    }
  }]
}
