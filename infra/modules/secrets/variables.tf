variable "prefix" {
  description = "Prefix of every name and path."
  type        = string
}

variable "environment" {
  description = "Name of the environment."
  type        = string
}

variable "region" {
  description = "AWS region of the STS endpoint that Vault uses."
  type        = string
}

variable "consumers" {
  description = "Services and jobs that authenticate to Vault."
  type        = set(string)
}

variable "aws_roles" {
  description = "IAM roles that Vault may assume for a consumer, by purpose."
  type        = map(string)
}

variable "database" {
  description = "Host of PostgreSQL, and the version of its passwords."
  type = object({
    host             = string
    password_version = number
  })
}
