variable "prefix" {
  description = "Prefix of every resource name."
  type        = string
}

variable "aws_account_id" {
  description = "Account that owns the buckets."
  type        = string
}

variable "vault_role_arn" {
  description = "IAM role of the Vault server, which issues short-lived credentials for the buckets."
  type        = string
}

variable "site_origins" {
  description = "Origins of pages that may upload an image."
  type        = list(string)
}

variable "lock_mode" {
  description = "Object lock mode of a backup."
  type        = string
}

variable "lock_days" {
  description = "Number of days during which a backup cannot be changed or deleted."
  type        = number

  validation {
    condition     = var.lock_days >= 7
    error_message = "A week at least: nobody may notice the loss before Monday."
  }
}

variable "expire_days" {
  description = "Number of days after which a backup expires."
  type        = number
}
