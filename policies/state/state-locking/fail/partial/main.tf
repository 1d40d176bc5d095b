terraform {
  # The bucket must come from somewhere, and whatever brings it may bring the lock.
  backend "s3" { # expect-undecided: state-locking
    key    = "partial/terraform.tfstate"
    region = "eu-central-1"
  }
}
