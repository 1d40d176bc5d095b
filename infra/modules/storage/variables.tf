variable "prefix" {
  description = "Begins every name."
  type        = string
}

variable "aws_account_id" {
  description = "Account that owns the buckets."
  type        = string
}

variable "vault_role_arn" {
  description = "Role of the Vault server, which hands out short-lived credentials for the buckets."
  type        = string
}

variable "site_origins" {
  description = "Origins whose pages may upload an image."
  type        = list(string)
}

variable "lock_mode" {
  description = "Object lock of a backup."
  type        = string
}

variable "lock_days" {
  description = "Days in which a backup can be neither changed nor deleted."
  type        = number

  validation {
    condition     = var.lock_days >= 7
    error_message = "A week at least: nobody may notice the loss before Monday."
  }
}

variable "expire_days" {
  description = "Days after which a backup goes."
  type        = number
}
