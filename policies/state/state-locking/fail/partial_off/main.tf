terraform {
  backend "s3" {
    key          = "partial_off/terraform.tfstate"
    region       = "eu-central-1"
    use_lockfile = false # expect-undecided: state-locking
  }
}
