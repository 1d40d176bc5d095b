terraform {
  backend "s3" {
    bucket         = "tfstate"
    key            = "s3_empty_table/terraform.tfstate"
    region         = "eu-central-1"
    dynamodb_table = "" # expect: state-locking
  }
}
