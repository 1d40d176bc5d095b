terraform {
  # The missing bucket comes by -backend-config, and so may the lock.
  backend "s3" { # expect-undecided: state-locking
    key    = "partial/terraform.tfstate"
    region = "eu-central-1"
  }
}
