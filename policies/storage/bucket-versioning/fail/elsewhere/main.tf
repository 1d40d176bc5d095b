# Unknown what a module that is not installed does with the bucket.
resource "aws_s3_bucket" "given" { # expect-undecided: bucket-versioning
  bucket = "shop-given"
}

module "hardened" {
  source  = "terraform-aws-modules/s3-bucket/aws"
  version = "~> 5.0"
  count   = 1

  buckets = { images = aws_s3_bucket.given.id }
}

# The module does not get this bucket.
resource "aws_s3_bucket" "kept" { # expect: bucket-versioning
  bucket = "shop-kept"
}

# A disabled object lock.
resource "aws_s3_bucket" "unlocked" { # expect: bucket-versioning
  bucket              = "shop-unlocked"
  object_lock_enabled = false
}
