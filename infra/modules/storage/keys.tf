locals {
  key_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TheAccountDecidesByIam"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${var.aws_account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_key" "images" {
  description             = "Product images of ${var.prefix}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = local.key_policy
}

resource "aws_kms_key" "backups" {
  provider = aws.backup

  description             = "Database backups of ${var.prefix}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = local.key_policy
}

resource "aws_kms_alias" "images" {
  name          = "alias/${var.prefix}-images"
  target_key_id = aws_kms_key.images.key_id
}

resource "aws_kms_alias" "backups" {
  provider = aws.backup

  name          = "alias/${var.prefix}-backups"
  target_key_id = aws_kms_key.backups.key_id
}
