# The two roots share a key and have no default workspace; every other one lies below the prefix.
terraform {
  backend "s3" {
    bucket               = "tfstate"
    key                  = "terraform.tfstate"
    region               = "eu-central-1"
    workspace_key_prefix = "prefix-a"
  }
}

variable "plan" {
  type = string
}
