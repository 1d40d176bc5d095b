variable "zone_id" {
  type = string
}

variable "version_of_tls" {
  type = string
}

resource "cloudflare_zone_setting" "this" {
  for_each = {
    min_tls_version = var.version_of_tls
    ssl             = "strict"
  }

  zone_id    = var.zone_id
  setting_id = each.key
  value      = each.value
}
