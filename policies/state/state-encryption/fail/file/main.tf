terraform {
  # shop.tfbackend completes it, without a word of encryption.
  backend "s3" { # expect: state-encryption
    region = "eu-central-1"
  }
}
