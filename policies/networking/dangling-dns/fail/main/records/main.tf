variable "hosts" {
  type = map(string)
}

resource "cloudflare_dns_record" "this" {
  for_each = var.hosts

  zone_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name    = "${each.key}.shop.example"
  type    = "CNAME"
  content = each.value # expect: dangling-dns
  ttl     = 1
}
