variable "prefix" {
  description = "Begins every name and path."
  type        = string
}

variable "environment" {
  description = "The environment's name."
  type        = string
}

variable "region" {
  description = "AWS region whose STS Vault asks."
  type        = string
}

variable "consumers" {
  description = "Services and jobs that sign in to Vault."
  type        = set(string)
}

variable "aws_roles" {
  description = "IAM roles that Vault may assume for a consumer, by purpose."
  type        = map(string)
}

variable "database" {
  description = "Where PostgreSQL is, and the version of its passwords."
  type = object({
    host             = string
    password_version = number
  })
}
