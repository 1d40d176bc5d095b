variable "partner" {
  type = string
}

# The bucket is outside of this configuration; its ACL and its block are here.
resource "aws_s3_bucket_acl" "partner" {
  bucket = var.partner
  acl    = "public-read"
}

resource "aws_s3_bucket_public_access_block" "partner" {
  bucket                  = var.partner
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# The ACL names the bucket by its id, the block by its name.
resource "aws_s3_bucket" "named" {
  bucket_prefix = "shop-"
}

resource "aws_s3_bucket_acl" "named" {
  bucket = aws_s3_bucket.named.id
  acl    = "public-read"
}

resource "aws_s3_bucket_public_access_block" "named" {
  bucket                  = aws_s3_bucket.named.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Not everyone: a role whose name contains a star, and a service.
resource "aws_s3_bucket_policy" "roles" {
  bucket = "partner-roles"

  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:sts::111122223333:assumed-role/reader/*" }
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::partner-roles/*"
    }]
  })
}

data "aws_iam_policy_document" "reader" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::partner-reader/*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/reader"]
    }

    principals {
      type        = "Service"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket_policy" "reader" {
  bucket = "partner-reader"
  policy = local.policies["reader"]
}

locals {
  policies = { reader = data.aws_iam_policy_document.reader.json }
}
