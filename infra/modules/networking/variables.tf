variable "prefix" {
  description = "Prefix of every resource name."
  type        = string
}

variable "region" {
  description = "AWS region of the VPC."
  type        = string
}

variable "cidr" {
  description = "CIDR range of the VPC."
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
  description = "Whether each zone has its own NAT gateway. Otherwise all zones share the one of the first zone."
  type        = bool
}

variable "office_cidrs" {
  description = "CIDR ranges of the office VPN, by name."
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
  description = "Origin host of each public name of the zone."
  type        = map(string)
}

variable "legacy_domains" {
  description = "Domains that redirect to `domain`."
  type        = set(string)
}

variable "office_only" {
  description = "Whether only `office_cidrs` may reach the names."
  type        = bool
}

variable "hsts_preload" {
  description = "Whether browsers may preload HSTS for the domain. Removal from the preload list takes months."
  type        = bool
}

variable "mail" {
  description = "Mail exchanges with priorities, the SPF include of the mail host, and the recipient of DMARC reports."
  type = object({
    exchanges   = map(number)
    spf_include = string
    reports     = string
  })
}
