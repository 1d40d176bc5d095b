# Terraform ignores the backend of a module that is called.
terraform {
  backend "s3" {
    bucket = "tfstate"
    key    = "module/terraform.tfstate"
    region = "eu-central-1"
  }
}
