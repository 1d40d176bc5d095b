variable "region" { # expect: variable-untyped
  description = "AWS region."
  default     = "eu-central-1"
}

variable "settings" {
  type = any # expect: variable-untyped
}

variable "names" {
  type = list(string)
}

module "one" {
  source = "./inner"
  size   = 3
}

module "two" {
  source = "./inner"
  count  = 2

  size = 4
}
