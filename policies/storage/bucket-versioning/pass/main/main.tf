resource "aws_s3_bucket" "images" {
  bucket = "shop-images"
}

# Joined by name, not by reference.
resource "aws_s3_bucket_versioning" "images" {
  bucket = "shop-images"

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket" "old" {
  bucket = "shop-old"

  versioning {
    enabled = true
  }
}

# Object lock requires versioning.
resource "aws_s3_bucket" "locked" {
  bucket              = "shop-locked"
  object_lock_enabled = true
}

resource "aws_s3_bucket" "none" {
  count = 0

  bucket = "shop-none"
}
