variable "key_arn" {
  type    = string
  default = null
}

variable "dynamic_key" {
  type = string
}

resource "aws_kms_key" "files" {
  description = "Files of the shop"
}

# S3 encrypts by default.
resource "aws_s3_bucket" "images" {
  bucket = "shop-images"
}

resource "aws_s3_bucket" "exports" {
  bucket = "shop-exports"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "exports" {
  bucket = aws_s3_bucket.exports.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.files.arn
    }
  }
}

# With a KMS key where one is given.
resource "aws_s3_bucket_server_side_encryption_configuration" "optional" {
  for_each = { none = var.key_arn, own = aws_kms_key.files.arn, given = var.dynamic_key }

  bucket = "shop-${each.key}"

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = each.value == null ? "AES256" : "aws:kms"
      kms_master_key_id = each.value
    }
  }
}

# The AWS managed key for S3.
resource "aws_s3_bucket_server_side_encryption_configuration" "managed" {
  bucket = "shop-managed"

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms:dsse"
    }
  }
}
