terraform {
  backend "s3" {
    bucket       = "tfstate"
    key          = "s3_off_as_text/terraform.tfstate"
    region       = "eu-central-1"
    use_lockfile = "false" # expect: state-locking
  }
}
