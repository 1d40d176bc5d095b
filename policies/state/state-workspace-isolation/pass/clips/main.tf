# One key with two workspaces: s3 separates them.
terraform {
  backend "s3" {
    bucket = "tfstate"
    key    = "clips/terraform.tfstate"
    region = "eu-central-1"
  }
}

variable "plan" {
  type = string
}
