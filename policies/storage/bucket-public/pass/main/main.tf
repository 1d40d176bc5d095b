variable "closed" {
  type = bool

  validation {
    condition     = var.closed
    error_message = "Our buckets are closed."
  }
}

data "aws_ssm_parameter" "policy" {
  name = "/shop/policy"
}

data "aws_iam_policy_document" "reading" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.images.arn}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }
  }
}

resource "aws_s3_bucket" "images" {
  bucket_prefix = "shop-images-"
  acl           = "private"
}

resource "aws_s3_bucket_public_access_block" "images" {
  bucket                  = aws_s3_bucket.images.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = var.closed
  restrict_public_buckets = true
}

# The block closes the bucket, whatever ACL and policy allow.
resource "aws_s3_bucket_acl" "images" {
  bucket = aws_s3_bucket.images.id
  acl    = "public-read"
}

resource "aws_s3_bucket_policy" "images" {
  bucket = aws_s3_bucket.images.id
  policy = data.aws_ssm_parameter.policy.value
}

# Everyone, but only from one network or organization.
resource "aws_s3_bucket_policy" "partner" {
  bucket = "partner-files"

  policy = jsonencode({
    Statement = [
      {
        Effect    = "Allow"
        Principal = "*"
        Action    = "s3:GetObject"
        Resource  = "arn:aws:s3:::partner-files/*"
        Condition = { StringEquals = { "aws:SourceVpce" = "vpce-1a2b3c4d" } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111122223333:role/reader" }
        Action    = "s3:GetObject"
        Resource  = "arn:aws:s3:::partner-files/*"
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = "arn:aws:s3:::partner-files/*"
      },
    ]
  })
}

resource "aws_s3_bucket_policy" "reading" {
  bucket = "partner-reading"
  policy = data.aws_iam_policy_document.reading.json
}
