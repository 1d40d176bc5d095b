terraform {
  backend "s3" { # expect-undecided: state-encryption
    region = "eu-central-1"
  }
}
