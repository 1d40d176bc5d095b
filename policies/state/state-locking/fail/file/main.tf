terraform {
  # production.s3.tfbackend says all that is needed, and no lock.
  backend "s3" { # expect: state-locking
    region = "eu-central-1"
  }
}
