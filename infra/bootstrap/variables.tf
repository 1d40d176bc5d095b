variable "aws_account_id" {
  description = "Account that owns the state."
  type        = string
  default     = "111122223333"

  validation {
    condition     = can(regex("^[0-9]{12}$", var.aws_account_id))
    error_message = "An AWS account id has twelve digits."
  }
}

variable "region" {
  description = "Region of the state."
  type        = string
  default     = "eu-central-1"
}

variable "deploy_role" {
  description = "IAM role of the deploy pipeline, which may use the key and the bucket."
  type        = string
  default     = "lss-deploy"
}
