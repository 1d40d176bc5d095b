# Policies from aws_iam_policy_document.
data "aws_iam_policy_document" "everybody" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::press/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }

  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::press/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root", "*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
    }
  }
}

resource "aws_s3_bucket_policy" "everybody" {
  bucket = "press"
  policy = data.aws_iam_policy_document.everybody.json # expect: bucket-public
}

data "aws_iam_policy_document" "network" {
  statement {
    effect    = "Allow"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::partner/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceVpce"
      values   = ["vpce-1a2b3c4d"]
    }
  }

  statement {
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::partner/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket_policy" "network" {
  bucket = "partner"
  policy = data.aws_iam_policy_document.network.json
}

# The statement comes from another document, through a local value.
data "aws_iam_policy_document" "merged" {
  source_policy_documents = [data.aws_iam_policy_document.everybody.json]
}

locals {
  policy = data.aws_iam_policy_document.merged.json
}

resource "aws_s3_bucket_policy" "merged" {
  bucket = "press-merged"
  policy = local.policy # expect: bucket-public
}
