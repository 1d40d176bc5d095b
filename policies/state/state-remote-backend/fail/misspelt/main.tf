terraform {
  backend "S3" { # expect-undecided: state-remote-backend
    bucket = "tfstate"
    key    = "misspelt/terraform.tfstate"
    region = "eu-central-1"
  }
}
