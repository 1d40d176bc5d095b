# What a module that is not installed makes of the bucket, nobody here can know.
resource "aws_s3_bucket" "given" { # expect-undecided: bucket-versioning
  bucket = "shop-given"
}

module "hardened" {
  source  = "terraform-aws-modules/s3-bucket/aws"
  version = "~> 5.0"
  count   = 1

  buckets = { images = aws_s3_bucket.given.id }
}

# It does not get this one.
resource "aws_s3_bucket" "kept" { # expect: bucket-versioning
  bucket = "shop-kept"
}

# An object lock that is switched off.
resource "aws_s3_bucket" "unlocked" { # expect: bucket-versioning
  bucket              = "shop-unlocked"
  object_lock_enabled = false
}
