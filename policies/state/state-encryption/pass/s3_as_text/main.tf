terraform {
  backend "s3" {
    bucket  = "tfstate"
    key     = "s3_as_text/terraform.tfstate"
    region  = "eu-central-1"
    encrypt = "true"
  }
}
