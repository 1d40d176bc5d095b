variable "days" {
  type = number
}

variable "rules" {
  type    = map(string)
  default = { all = "" }
}

resource "aws_s3_bucket" "this" {
  bucket_prefix = "shop-"
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  dynamic "rule" {
    for_each = var.rules

    content {
      id     = rule.key
      status = "Enabled"

      filter {
        prefix = rule.value
      }

      expiration {
        days = var.days # expect: backup-retention
      }
    }
  }
}
