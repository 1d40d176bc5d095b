# Each workspace has an address of its own, in the file for it.
terraform {
  backend "http" {}
}

variable "plan" {
  type = string
}
