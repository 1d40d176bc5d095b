terraform {
  # shop.tfbackend completes it, without encryption.
  backend "s3" { # expect: state-encryption
    region = "eu-central-1"
  }
}
