variable "versioning" {
  type = string
}

variable "keeps" {
  type = bool
}

data "aws_ssm_parameter" "status" {
  name = "/shop/status"
}

resource "aws_s3_bucket" "images" { # expect: bucket-versioning
  bucket = "shop-images"
}

resource "aws_s3_bucket" "exports" {
  bucket = "shop-exports"
}

resource "aws_s3_bucket_versioning" "exports" {
  bucket = aws_s3_bucket.exports.id

  versioning_configuration {
    status = "Suspended" # expect: bucket-versioning
  }
}

resource "aws_s3_bucket" "reports" {
  bucket = "shop-reports"
}

resource "aws_s3_bucket_versioning" "reports" {
  bucket = aws_s3_bucket.reports.id

  versioning_configuration {
    status = var.versioning # expect-possible: bucket-versioning
  }
}

resource "aws_s3_bucket" "receipts" {
  bucket = "shop-receipts"
}

resource "aws_s3_bucket_versioning" "receipts" {
  bucket = aws_s3_bucket.receipts.id

  versioning_configuration {
    status = data.aws_ssm_parameter.status.value # expect-undecided: bucket-versioning
  }
}

# Written in the bucket, as in version 3 of the provider.
resource "aws_s3_bucket" "old" {
  bucket = "shop-old"

  versioning {
    enabled = false # expect: bucket-versioning
  }
}

# A variable decides whether versioning exists.
resource "aws_s3_bucket" "drafts" { # expect-possible: bucket-versioning
  bucket = "shop-drafts"
}

resource "aws_s3_bucket_versioning" "drafts" {
  count = var.keeps ? 1 : 0

  bucket = aws_s3_bucket.drafts.id

  versioning_configuration {
    status = "Enabled"
  }
}

# An endpoint in another AWS region is AWS.
provider "aws" {
  alias  = "west"
  region = "eu-west-1"

  endpoints {
    sts = "https://sts.eu-west-1.amazonaws.com"
  }
}

resource "aws_s3_bucket" "west" { # expect: bucket-versioning
  provider = aws.west
  bucket   = "shop-west"
}
