terraform {
  backend "s3" {
    bucket       = "tfstate"
    key          = "s3_null/terraform.tfstate"
    region       = "eu-central-1"
    use_lockfile = null # expect: state-locking
  }
}
