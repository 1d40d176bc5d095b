terraform {
  backend "s3" {
    bucket = "tfstate"
    key    = "billing/terraform.tfstate"
    region = "eu-central-1"
  }
}
