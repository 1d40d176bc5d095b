variable "open" {
  type = bool
}

variable "partner" {
  type = string
}

data "aws_ssm_parameter" "closed" {
  name = "/shop/closed"
}

# No public access block.
resource "aws_s3_bucket" "images" { # expect: bucket-public
  bucket = "shop-images"
}

# One switch of four is off.
resource "aws_s3_bucket" "uploads" {
  bucket = "shop-uploads"
}

resource "aws_s3_bucket_public_access_block" "uploads" {
  bucket                  = aws_s3_bucket.uploads.id
  block_public_acls       = true
  block_public_policy     = false # expect: bucket-public
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Unset switches are off.
resource "aws_s3_bucket" "exports" {
  bucket = "shop-exports"
}

resource "aws_s3_bucket_public_access_block" "exports" { # expect: bucket-public
  bucket            = aws_s3_bucket.exports.bucket
  block_public_acls = true
}

# A variable decides.
resource "aws_s3_bucket" "reports" {
  bucket = "shop-reports"
}

resource "aws_s3_bucket_public_access_block" "reports" {
  bucket                  = aws_s3_bucket.reports.id
  block_public_acls       = true
  block_public_policy     = !var.open # expect-possible: bucket-public
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# A variable decides whether the block exists.
resource "aws_s3_bucket" "drafts" { # expect-possible: bucket-public
  bucket = "shop-drafts"
}

resource "aws_s3_bucket_public_access_block" "drafts" {
  count = var.open ? 0 : 1

  bucket                  = aws_s3_bucket.drafts.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# The block has count = 0.
resource "aws_s3_bucket" "scratch" { # expect: bucket-public
  bucket = "shop-scratch"
}

resource "aws_s3_bucket_public_access_block" "scratch" {
  count = 0

  bucket                  = aws_s3_bucket.scratch.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Only the provider knows the value of a switch.
resource "aws_s3_bucket" "receipts" {
  bucket = "shop-receipts"
}

resource "aws_s3_bucket_public_access_block" "receipts" {
  bucket                  = aws_s3_bucket.receipts.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = tobool(data.aws_ssm_parameter.closed.value) # expect-undecided: bucket-public
  restrict_public_buckets = true
}

# Opened by each kind of ACL and policy.
resource "aws_s3_bucket" "press" {
  bucket = "shop-press"
  acl    = "public-read" # expect: bucket-public
}

resource "aws_s3_bucket_public_access_block" "press" {
  bucket                  = aws_s3_bucket.press.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = false # expect: bucket-public
  restrict_public_buckets = false # expect: bucket-public
}

resource "aws_s3_bucket_acl" "press" {
  bucket = aws_s3_bucket.press.id
  acl    = "public-read-write" # expect: bucket-public
}

resource "aws_s3_bucket_policy" "press" {
  bucket = aws_s3_bucket.press.id

  policy = jsonencode({ # expect: bucket-public
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = "${aws_s3_bucket.press.arn}/*"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = ["*"] }
        Action    = "s3:GetObject"
        Resource  = "${aws_s3_bucket.press.arn}/*"
        Condition = { Bool = { "aws:SecureTransport" = "true" } }
      },
    ]
  })
}

# The bucket is outside of this configuration; the grants are here.
resource "aws_s3_bucket_acl" "partner" {
  bucket = var.partner

  access_control_policy {
    owner {
      id = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"
    }

    grant {
      permission = "READ"

      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/global/AllUsers" # expect: bucket-public
      }
    }
  }
}

resource "aws_s3_bucket_policy" "partner" {
  bucket = "partner-files"

  policy = jsonencode({ # expect: bucket-public
    Statement = { Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::partner-files/*" }
  })
}
