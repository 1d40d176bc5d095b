variable "algorithm" {
  type = string
}

variable "key_enabled" {
  type = bool
}

resource "aws_kms_key" "files" {
  description = "Files of the shop"
}

resource "aws_kms_key" "retired" {
  description = "Files of the shop that was"
  is_enabled  = false
}

resource "aws_kms_key" "switched" {
  description = "Files of another shop"
  is_enabled  = var.key_enabled
}

# The key is named, but the algorithm does not use it.
resource "aws_s3_bucket" "images" {
  bucket = "shop-images"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "images" {
  bucket = aws_s3_bucket.images.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "AES256" # expect: bucket-encryption
      kms_master_key_id = aws_kms_key.files.arn
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "exports" {
  bucket = "shop-exports"

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = var.algorithm # expect-possible: bucket-encryption
      kms_master_key_id = aws_kms_key.files.arn
    }
  }
}

# Objects under a disabled key are unreadable.
resource "aws_s3_bucket_server_side_encryption_configuration" "old" {
  bucket = "shop-old"

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.retired.key_id # expect: bucket-encryption
    }
  }
}

resource "aws_s3_bucket" "reports" {
  bucket = "shop-reports"

  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = aws_kms_key.switched.arn # expect-possible: bucket-encryption
      }
    }
  }
}
