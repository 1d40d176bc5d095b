locals {
  # The ARN is written out, so that the plan that creates the bucket shows the whole policy for review.
  arn   = "arn:aws:s3:::${var.name}"
  roles = "arn:aws:iam::${var.aws_account_id}:role"

  denials = [
    {
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [local.arn, "${local.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    },
    {
      Sid       = "Tls12"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [local.arn, "${local.arn}/*"]
      Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
    },
  ]

  grants = [
    for grant in [
      { sid = "Read", action = "s3:GetObject", roles = var.readers },
      { sid = "Write", action = "s3:PutObject", roles = var.writers },
      ] : {
      Sid       = grant.sid
      Effect    = "Allow"
      Principal = { AWS = [for role in grant.roles : "${local.roles}/${role}"] }
      Action    = grant.action
      Resource  = "${local.arn}/*"
    } if length(grant.roles) > 0
  ]

  log_delivery = [
    for source in var.log_sources : {
      Sid       = "LogsOf${replace(title(replace(source, "-", " ")), " ", "")}"
      Effect    = "Allow"
      Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "${local.arn}/${source}/*"
      Condition = {
        ArnLike      = { "aws:SourceArn" = "arn:aws:s3:::${source}" }
        StringEquals = { "aws:SourceAccount" = var.aws_account_id }
      }
    }
  ]
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.denials, local.grants, local.log_delivery)
  })

  depends_on = [aws_s3_bucket_public_access_block.this]
}
