output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "subnet_ids" {
  description = "Subnets by kind and zone."
  value = {
    public  = { for zone, subnet in aws_subnet.public : zone => subnet.id }
    private = { for zone, subnet in aws_subnet.private : zone => subnet.id }
  }
}

output "security_group_ids" {
  description = "Security groups by purpose."
  value       = { for name, group in aws_security_group.this : name => group.id }
}

output "cloudflare_ipv4_cidrs" {
  description = "CIDR ranges from which Cloudflare connects to an origin."
  value       = data.cloudflare_ip_ranges.this.ipv4_cidrs
}

output "zone_id" {
  description = "The zone of the shop's domain."
  value       = cloudflare_zone.this.id
}

output "name_servers" {
  description = "Name servers by zone."
  value = merge(
    { (var.domain) = cloudflare_zone.this.name_servers },
    { for domain, zone in module.legacy_domain : domain => zone.name_servers },
  )
}
