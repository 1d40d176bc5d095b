terraform { # expect: state-remote-backend
  required_version = "~> 1.11"
}

# With two terraform blocks, the finding is at the first.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

resource "aws_s3_bucket" "images" {
  bucket = "images"
}
