variable "keep_days" {
  type = number

  validation {
    condition     = var.keep_days >= 30
    error_message = "A month at least."
  }
}

# Locked, and never deleted.
resource "aws_s3_bucket" "backups" {
  bucket              = "shop-backups"
  object_lock_enabled = true
}

resource "aws_s3_bucket_object_lock_configuration" "backups" {
  bucket = "shop-backups"

  rule {
    default_retention {
      mode  = "COMPLIANCE"
      years = 1
    }
  }
}

# Kept by a lifecycle rule.
resource "aws_s3_bucket" "dumps" {
  bucket = "shop-dumps"
}

resource "aws_s3_bucket_lifecycle_configuration" "dumps" {
  bucket = aws_s3_bucket.dumps.id

  rule {
    id     = "retention"
    status = "Enabled"

    filter {}

    expiration {
      days = var.keep_days
    }
  }

  # Other files may be deleted after a day.
  rule {
    id     = "temporary"
    status = "Enabled"

    filter {
      prefix = "tmp/"
    }

    expiration {
      days = 1
    }
  }
}

# Exactly the minimum.
resource "aws_s3_bucket" "least" {
  bucket = "backup-least"
}

resource "aws_s3_bucket_object_lock_configuration" "least" {
  bucket = aws_s3_bucket.least.id

  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = 7
    }
  }
}

# No backup buckets: images, and the access log of a backup bucket.
resource "aws_s3_bucket" "images" {
  bucket = "shop-images"
}

resource "aws_s3_bucket" "log" {
  bucket = "shop-backup-access-logs"
}

resource "aws_s3_bucket" "backup" {
  count = 0

  bucket = "shop-never"
}
