locals {
  bucket = "lss-terraform-state"
  logs   = "lss-terraform-state-logs"
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.aws_account_id]

  default_tags {
    tags = {
      project    = "livestreamsell"
      managed_by = "terraform"
    }
  }
}

resource "aws_kms_key" "state" {
  description             = "Terraform state"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TheAccountDecidesByIam"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${var.aws_account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Deploy"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${var.aws_account_id}:role/${var.deploy_role}" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
      },
    ]
  })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "state" {
  name          = "alias/lss-terraform-state"
  target_key_id = aws_kms_key.state.key_id
}

module "state" {
  source = "../modules/storage/bucket"

  name           = local.bucket
  aws_account_id = var.aws_account_id
  kms_key_arn    = aws_kms_key.state.arn
  log_bucket     = module.logs.name

  # Every lock leaves an old object version and a marker. Old states are kept for a possible recovery.
  lifecycle_rules = {
    history = {
      noncurrent_days     = 90
      noncurrent_versions = 20
    }
  }

  readers = [var.deploy_role]
  writers = [var.deploy_role]
}

module "logs" {
  source = "../modules/storage/bucket"

  name           = local.logs
  aws_account_id = var.aws_account_id
  log_sources    = [local.bucket]

  lifecycle_rules = {
    retention = {
      expire_days     = 400
      noncurrent_days = 7
    }
  }
}
