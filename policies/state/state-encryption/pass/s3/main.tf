terraform {
  backend "s3" {
    bucket  = "tfstate"
    key     = "s3/terraform.tfstate"
    region  = "eu-central-1"
    encrypt = true
  }
}
