locals {
  names = {
    backups     = "${var.prefix}-database-backups"
    images      = "${var.prefix}-product-images"
    logs        = "${var.prefix}-access-logs"
    backup_logs = "${var.prefix}-backup-access-logs"
  }
}

module "backups" {
  source    = "./bucket"
  providers = { aws = aws.backup }

  name           = local.names.backups
  aws_account_id = var.aws_account_id
  kms_key_arn    = aws_kms_key.backups.arn
  log_bucket     = module.backup_logs.name

  object_lock = {
    mode = var.lock_mode
    days = var.lock_days
  }

  lifecycle_rules = {
    retention = {
      transitions     = var.expire_days > 120 ? { GLACIER_IR = 30, DEEP_ARCHIVE = 120 } : {}
      expire_days     = var.expire_days
      noncurrent_days = var.lock_days
    }
  }

  writers = [aws_iam_role.this["backups"].name]
}

module "images" {
  source = "./bucket"

  name           = local.names.images
  aws_account_id = var.aws_account_id
  kms_key_arn    = aws_kms_key.images.arn
  log_bucket     = module.logs.name

  lifecycle_rules = {
    originals = {
      prefix          = "originals/"
      transitions     = { INTELLIGENT_TIERING = 30 }
      noncurrent_days = 30
    }
    renditions = {
      prefix          = "renditions/"
      noncurrent_days = 7
    }
  }

  readers = [aws_iam_role.this["images"].name]
  writers = [aws_iam_role.this["images"].name]
}

# A seller's browser uploads with a pre-signed URL. Cloudflare reads with the credentials of the images role.
resource "aws_s3_bucket_cors_configuration" "images" {
  bucket = module.images.name

  cors_rule {
    allowed_methods = ["PUT"]
    allowed_origins = var.site_origins
    allowed_headers = ["content-type", "content-md5"]
    max_age_seconds = 3600
  }
}

module "logs" {
  source = "./bucket"

  name           = local.names.logs
  aws_account_id = var.aws_account_id
  log_sources    = [local.names.images]

  lifecycle_rules = {
    retention = { expire_days = 180, noncurrent_days = 7 }
  }
}

# S3 writes access logs only to a bucket in the same region.
module "backup_logs" {
  source    = "./bucket"
  providers = { aws = aws.backup }

  name           = local.names.backup_logs
  aws_account_id = var.aws_account_id
  log_sources    = [local.names.backups]

  lifecycle_rules = {
    retention = { expire_days = 400, noncurrent_days = 7 }
  }
}
