# Terraform ignores the backend of a called module.
terraform {
  backend "s3" {
    bucket = "tfstate"
    key    = "module/terraform.tfstate"
    region = "eu-central-1"
  }
}
