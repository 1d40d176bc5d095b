# A lock table is deprecated, but locks; also beside use_lockfile = false.
terraform {
  backend "s3" {
    bucket         = "tfstate"
    key            = "s3_table/terraform.tfstate"
    region         = "eu-central-1"
    use_lockfile   = false
    dynamodb_table = "locks"
  }
}
