variable "prefix" {
  description = "Begins every name."
  type        = string
}

variable "region" {
  description = "AWS region of the VPC."
  type        = string
}

variable "cidr" {
  description = "Range of the VPC."
  type        = string
}

variable "availability_zones" {
  description = "Zones that get a public and a private subnet each."
  type        = list(string)

  validation {
    condition     = length(var.availability_zones) >= 2 && length(var.availability_zones) <= 8
    error_message = "Between two and eight zones: the range is cut into sixteen subnets."
  }
}

variable "nat_per_zone" {
  description = "Whether each zone has a NAT gateway of its own; else all share the first zone's."
  type        = bool
}

variable "office_cidrs" {
  description = "Addresses of people's VPN, by name."
  type        = map(string)
}

variable "cloudflare_account_id" {
  description = "Cloudflare account that owns the zones."
  type        = string
}

variable "domain" {
  description = "Apex of the zone."
  type        = string
}

variable "hosts" {
  description = "Host that answers for each public name of the zone."
  type        = map(string)
}

variable "legacy_domains" {
  description = "Domains that lead to `domain`."
  type        = set(string)
}

variable "office_only" {
  description = "Whether the names answer to `office_cidrs` alone."
  type        = bool
}

variable "hsts_preload" {
  description = "Whether browsers may ship the domain in their preload list; that cannot be taken back for months."
  type        = bool
}

variable "mail" {
  description = "Exchanges with their priorities, the SPF include of the mail host, and who reads DMARC reports."
  type = object({
    exchanges   = map(number)
    spf_include = string
    reports     = string
  })
}
