variable "lock_days" {
  type = number
}

variable "environment" {
  type = string
}

data "aws_ssm_parameter" "days" {
  name = "/shop/days"
}

# No lock and no lifecycle rule.
resource "aws_s3_bucket" "dumps" { # expect: backup-retention
  bucket = "shop-database-dumps"
}

# A name with a variable in it still marks a backup bucket.
resource "aws_s3_bucket" "named" { # expect: backup-retention
  bucket = "shop-${var.environment}-backups"
}

# Deleted after two days.
resource "aws_s3_bucket" "backups" {
  bucket              = "shop-db"
  object_lock_enabled = true
}

resource "aws_s3_bucket_object_lock_configuration" "backups" {
  bucket = aws_s3_bucket.backups.id

  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 2 # expect: backup-retention
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "backups" {
  bucket = aws_s3_bucket.backups.id

  rule {
    id     = "retention"
    status = "Enabled"

    filter {}

    expiration {
      days = 6 # expect: backup-retention
    }

    noncurrent_version_expiration {
      noncurrent_days = 1 # expect: backup-retention
    }
  }
}

resource "aws_s3_bucket" "snapshots" {
  bucket = "shop-snapshots"
}

resource "aws_s3_bucket_object_lock_configuration" "snapshots" {
  bucket = aws_s3_bucket.snapshots.bucket

  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = var.lock_days # expect-possible: backup-retention
    }
  }
}

resource "aws_s3_bucket" "undecided" {
  bucket = "backup-undecided"
}

resource "aws_s3_bucket_object_lock_configuration" "undecided" {
  bucket = aws_s3_bucket.undecided.bucket

  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = tonumber(data.aws_ssm_parameter.days.value) # expect-undecided: backup-retention
    }
  }
}

# A disabled rule and a rule for other files do not cover the backups.
resource "aws_s3_bucket" "off" { # expect: backup-retention
  bucket = "backup-off"
}

resource "aws_s3_bucket_lifecycle_configuration" "off" {
  bucket = aws_s3_bucket.off.id

  rule {
    id     = "off"
    status = "Disabled"

    filter {}

    expiration {
      days = 90
    }
  }

  rule {
    id     = "temporary"
    status = "Enabled"

    filter {
      prefix = "tmp/"
    }

    expiration {
      days = 90
    }
  }
}

# Rules for tagged objects do not cover the others.
resource "aws_s3_bucket" "tagged" { # expect: backup-retention
  bucket = "backup-tagged"
}

resource "aws_s3_bucket_lifecycle_configuration" "tagged" {
  bucket = aws_s3_bucket.tagged.id

  rule {
    id     = "one"
    status = "Enabled"

    filter {
      tag {
        key   = "keep"
        value = "yes"
      }
    }

    expiration {
      days = 90
    }
  }

  rule {
    id     = "two"
    status = "Enabled"

    filter {
      and {
        prefix = "database/"
        tags   = { keep = "yes" }
      }
    }

    expiration {
      days = 90
    }
  }
}

# Written in the bucket, as in version 3 of the provider.
resource "aws_s3_bucket" "inside" {
  bucket = "backup-inside"

  lifecycle_rule {
    enabled = true

    expiration {
      days = 6 # expect: backup-retention
    }

    noncurrent_version_expiration {
      days = 2 # expect: backup-retention
    }
  }
}

resource "aws_s3_bucket" "inside_off" { # expect: backup-retention
  bucket = "backup-inside-off"

  lifecycle_rule {
    enabled = false

    expiration {
      days = 90
    }
  }

  lifecycle_rule {
    enabled = true
    tags    = { keep = "yes" }

    expiration {
      days = 90
    }
  }
}

resource "aws_s3_bucket" "inside_lock" {
  bucket = "backup-inside-lock"

  object_lock_configuration {
    object_lock_enabled = "Enabled"

    rule {
      default_retention {
        mode = "COMPLIANCE"
        days = 1 # expect: backup-retention
      }
    }
  }
}

# A prefix for other files, outside of a filter.
resource "aws_s3_bucket" "prefix" { # expect: backup-retention
  bucket = "backup-prefix"
}

resource "aws_s3_bucket_lifecycle_configuration" "prefix" {
  bucket = aws_s3_bucket.prefix.id

  rule {
    id     = "temporary"
    status = "Enabled"
    prefix = "tmp/"

    expiration {
      days = 90
    }
  }
}
