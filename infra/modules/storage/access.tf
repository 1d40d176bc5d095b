locals {
  access = {
    images = {
      bucket  = module.images.arn
      key     = aws_kms_key.images.arn
      actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    }
    # The backup job can only add a backup. It can neither read nor delete one.
    backups = {
      bucket  = module.backups.arn
      key     = aws_kms_key.backups.arn
      actions = ["s3:PutObject"]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = toset(["images", "backups"])

  name                 = "${var.prefix}-${each.key}"
  description          = "Assumed by Vault for whoever works with the ${each.key} bucket"
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = var.vault_role_arn }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = local.access

  name = "bucket"
  role = aws_iam_role.this[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Objects"
        Effect   = "Allow"
        Action   = each.value.actions
        Resource = "${each.value.bucket}/*"
      },
      {
        Sid      = "List"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = each.value.bucket
      },
      {
        Sid      = "Key"
        Effect   = "Allow"
        Action   = ["kms:GenerateDataKey", "kms:Decrypt"]
        Resource = each.value.key
      },
    ]
  })
}
