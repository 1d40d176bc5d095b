variable "prefix" {
  description = "Prefix of every resource name."
  type        = string
}

variable "environment" {
  description = "Name of the environment."
  type        = string
}

variable "protected" {
  description = "Whether only admins of the Render workspace may change the environment by hand."
  type        = bool
}

variable "region" {
  description = "Render region of all services."
  type        = string
}

variable "repository" {
  description = "Repository and branch that are built."
  type = object({
    url    = string
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
    condition = alltrue([
      for name in ["storefront", "api", "stream-ingest", "clip-renderer", "notifications"] :
      contains(keys(var.services), name)
    ])
    error_message = "A service has no size."
  }

  validation {
    condition = alltrue([
      for service in values(var.services) :
      contains(["starter", "standard", "pro", "pro_plus", "pro_max", "pro_ultra"], service.plan)
    ])
    error_message = "A plan is misspelt; Render's provider would only notice on apply."
  }
}

variable "jobs" {
  description = "Plan, schedule and command of every job, by name."
  type = map(object({
    plan     = string
    schedule = string
    command  = string
  }))
}

variable "domains" {
  description = "Public domain of each web service."
  type        = map(string)
}

variable "allowed_cidrs" {
  description = "CIDR ranges that may reach the web services, with the reason."
  type        = map(string)
}

variable "environment_variables" {
  description = "Environment variables of every service. They contain no secret, because the provider keeps them in state."
  type        = map(string)
}

variable "secrets_env_group_id" {
  description = "Env group that holds the secrets."
  type        = string
}
