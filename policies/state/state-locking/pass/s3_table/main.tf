# Deprecated, and a lock; so is the table beside a lock file that is off.
terraform {
  backend "s3" {
    bucket         = "tfstate"
    key            = "s3_table/terraform.tfstate"
    region         = "eu-central-1"
    use_lockfile   = false
    dynamodb_table = "locks"
  }
}
