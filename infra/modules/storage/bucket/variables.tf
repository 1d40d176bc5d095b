variable "name" {
  description = "Name of the bucket."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "A bucket's name has 3 to 63 lower case letters, digits and hyphens."
  }
}

variable "aws_account_id" {
  description = "Account that owns the bucket."
  type        = string
}

variable "kms_key_arn" {
  description = "KMS key for encryption. Without one, S3 uses its own key."
  type        = string
  default     = null
}

variable "log_bucket" {
  description = "Bucket for the access logs. Without one, access is not logged."
  type        = string
  default     = null
}

variable "log_sources" {
  description = "Buckets whose access logs this bucket receives."
  type        = list(string)
  default     = []
}

variable "object_lock" {
  description = "Default retention of new objects."
  type = object({
    mode = string
    days = number
  })
  default = null
}

variable "lifecycle_rules" {
  description = "Lifecycle rules by name: prefix, transitions (storage class and days), and expiration in days."
  type = map(object({
    prefix              = optional(string, "")
    transitions         = optional(map(number), {})
    expire_days         = optional(number)
    noncurrent_days     = number
    noncurrent_versions = optional(number)
  }))
}

variable "readers" {
  description = "IAM roles of this account that may read objects."
  type        = list(string)
  default     = []
}

variable "writers" {
  description = "IAM roles of this account that may add objects."
  type        = list(string)
  default     = []
}
