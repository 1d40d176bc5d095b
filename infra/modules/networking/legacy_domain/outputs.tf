output "name_servers" {
  description = "Name servers of the zone."
  value       = cloudflare_zone.this.name_servers
}
