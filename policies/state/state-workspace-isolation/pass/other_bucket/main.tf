terraform {
  backend "s3" {
    bucket = "tfstate-backup"
    key    = "billing/terraform.tfstate"
    region = "eu-central-1"
  }
}
