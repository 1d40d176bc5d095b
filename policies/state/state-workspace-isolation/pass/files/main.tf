# Each workspace has its own address, in its own file.
terraform {
  backend "http" {}
}

variable "plan" {
  type = string
}
