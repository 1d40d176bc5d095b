variable "zone_id" {
  type = string
}

variable "hosts" {
  type = set(string)
}

resource "cloudflare_certificate_pack" "this" {
  zone_id               = var.zone_id
  type                  = "advanced"
  certificate_authority = "google"
  validation_method     = "txt"
  validity_days         = 90
  hosts                 = var.hosts
}
