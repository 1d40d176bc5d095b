# The settings require a KMS key: none here, another algorithm, and a correct one.
variable "algorithm" {
  type = string
}

variable "named" {
  type = bool
}

resource "aws_s3_bucket" "silent" { # expect: bucket-encryption
  bucket = "shop-silent"
}

resource "aws_s3_bucket" "none" {
  count = 0

  bucket = "shop-none"
}

resource "aws_s3_bucket" "other" {
  bucket = "shop-other"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "other" {
  bucket = aws_s3_bucket.other.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256" # expect: bucket-encryption
    }
  }
}

resource "aws_s3_bucket" "inside" {
  bucket = "shop-inside"

  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = var.algorithm # expect-possible: bucket-encryption
      }
    }
  }
}

# A variable decides whether the bucket has a key.
resource "aws_s3_bucket" "optional" { # expect-possible: bucket-encryption
  bucket = "shop-optional"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "optional" {
  count = var.named ? 1 : 0

  bucket = aws_s3_bucket.optional.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

# A module configures encryption by the bucket's name.
module "encrypting" {
  source = "./encrypting"
  bucket = "shop-twice"
}

resource "aws_s3_bucket" "twice" {
  bucket = "shop-twice"
}
