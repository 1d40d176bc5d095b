# Both roots share a key, but have no default workspace; all others use the prefix.
terraform {
  backend "s3" {
    bucket               = "tfstate"
    key                  = "terraform.tfstate"
    region               = "eu-central-1"
    workspace_key_prefix = "prefix-b"
  }
}

variable "plan" {
  type = string
}
