terraform {
  # production.s3.tfbackend has all required arguments, and no lock.
  backend "s3" { # expect: state-locking
    region = "eu-central-1"
  }
}
