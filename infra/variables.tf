variable "environment" {
  description = "Name of the workspace. It prevents a tfvars file from being applied to the state of another environment."
  type        = string

  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "The environment is staging or production."
  }

  validation {
    condition     = var.environment == terraform.workspace
    error_message = "env/${var.environment}.tfvars belongs to the workspace ${var.environment}; select it, or give the other file."
  }
}

variable "aws_account_id" {
  description = "The only AWS account that this configuration may change."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.aws_account_id))
    error_message = "An AWS account id has twelve digits."
  }
}

variable "region" {
  description = "AWS region of the network, the product images, and the database at Supabase."
  type        = string
  default     = "eu-central-1"
}

variable "backup_region" {
  description = "AWS region of the backups."
  type        = string
  default     = "eu-west-1"

  validation {
    condition     = var.backup_region != var.region
    error_message = "Backups in the region of the database are lost together with it."
  }
}

variable "domain" {
  description = "Apex of the shop's domain."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+\\.[a-z]+$", var.domain))
    error_message = "The domain is an apex, in lower case and without a scheme."
  }
}

variable "legacy_domains" {
  description = "Former domains, which redirect to the current one."
  type        = set(string)
  default     = []
}

variable "cloudflare_account_id" {
  description = "Cloudflare account that owns the zones."
  type        = string
}

variable "mail" {
  description = "Mail exchanges of the domain, and the hosts that may send for it."
  type = object({
    exchanges   = map(number)
    spf_include = string
    reports     = string
  })
}

variable "network" {
  description = "The VPC: its range, its zones, and whether each zone has its own NAT gateway."
  type = object({
    cidr               = string
    availability_zones = list(string)
    nat_per_zone       = optional(bool, false)
  })

  validation {
    condition     = can(cidrnetmask(var.network.cidr)) && tonumber(split("/", var.network.cidr)[1]) <= 20
    error_message = "The range is IPv4 CIDR notation, /20 or larger: it is cut into sixteen subnets."
  }

  validation {
    condition     = length(distinct(var.network.availability_zones)) >= 2
    error_message = "Name at least two availability zones."
  }
}

variable "office_cidrs" {
  description = "CIDR ranges of the VPN for access to services that are not public."
  type        = map(string)

  validation {
    condition     = alltrue([for cidr in values(var.office_cidrs) : can(cidrnetmask(cidr)) && cidr != "0.0.0.0/0"])
    error_message = "Each address is IPv4 CIDR notation, and never the whole internet."
  }
}

variable "render_owner_id" {
  description = "Render workspace that owns the services."
  type        = string
}

variable "render_region" {
  description = "Render region of all services."
  type        = string
  default     = "frankfurt"
}

variable "secrets_env_group_id" {
  description = "Render env group with the secrets of the services. It is created by hand, to keep its values out of state."
  type        = string

  validation {
    condition     = startswith(var.secrets_env_group_id, "evg-")
    error_message = "The id of an env group begins with evg-."
  }
}

variable "repository" {
  description = "The application's repository and the branch that this environment runs."
  type = object({
    url    = optional(string, "https://github.com/livestreamsell/app")
    branch = string
  })
}

variable "services" {
  description = "Plan and autoscaling bounds of every service, by name."
  type = map(object({
    plan           = string
    min            = number
    max            = number
    cpu_percent    = optional(number, 70)
    memory_percent = optional(number, 80)
  }))

  validation {
    condition     = alltrue([for service in values(var.services) : service.min >= 1 && service.min <= service.max])
    error_message = "Every service has at least one instance, and a maximum that is no less than its minimum."
  }

  validation {
    condition     = var.environment != "production" || alltrue([for service in values(var.services) : service.min >= 2])
    error_message = "In production every service outlives the loss of one instance."
  }
}

variable "jobs" {
  description = "Plan and schedule (cron, UTC) of every job, by name."
  type = map(object({
    plan     = string
    schedule = string
    command  = string
  }))
}

variable "log_level" {
  description = "Log level of the services."
  type        = string
  default     = "info"

  validation {
    condition     = contains(["debug", "info", "warn", "error"], var.log_level)
    error_message = "The log level is debug, info, warn or error."
  }
}

variable "database" {
  description = "The Supabase project: owner, size, and the CIDR ranges that may connect to PostgreSQL."
  type = object({
    organization_id = string
    instance_size   = string
    allowed_cidrs   = list(string)
    max_rows        = optional(number, 500)
  })
}

variable "database_ca_file" {
  description = "Path of Supabase's root certificate. Without it, the certificates of the system are used."
  type        = string
  default     = null
}

variable "backups" {
  description = "Days during which a backup cannot be changed or deleted, and days until it expires."
  type = object({
    lock_mode   = string
    lock_days   = number
    expire_days = number
  })

  validation {
    condition     = contains(["GOVERNANCE", "COMPLIANCE"], var.backups.lock_mode)
    error_message = "The lock's mode is GOVERNANCE or COMPLIANCE."
  }

  validation {
    condition     = var.backups.expire_days > var.backups.lock_days
    error_message = "A backup can expire only after its lock."
  }
}

variable "vault" {
  description = "Address of the Vault server, and its IAM role."
  type = object({
    address  = string
    role_arn = string
  })

  validation {
    condition     = startswith(var.vault.address, "https://")
    error_message = "Vault is reached over TLS only."
  }
}

variable "database_password_version" {
  description = "Version of the database passwords in Vault. A higher number writes them again."
  type        = number
  default     = 1
}

variable "grafana" {
  description = "The Grafana stack of this environment."
  type = object({
    url = string
  })
}

variable "prometheus" {
  description = "The Prometheus server that Grafana queries, and the endpoint for Render's metrics."
  type = object({
    url      = string
    username = string
    otlp_url = optional(string)
  })
}

variable "alert_emails" {
  description = "Email recipients of alerts that are not urgent."
  type        = list(string)

  validation {
    condition     = length(var.alert_emails) > 0
    error_message = "An alert needs a reader."
  }
}
