# Common ways to write a bucket and its versioning with unknown counts.
variable "names" {
  type = set(string)
}

variable "makes" {
  type = bool
}

variable "number" {
  type = number
}

resource "aws_s3_bucket" "chained" {
  for_each = var.names

  bucket = each.key
}

resource "aws_s3_bucket_versioning" "chained" {
  for_each = aws_s3_bucket.chained

  bucket = each.value.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket" "named" {
  for_each = var.names

  bucket = "shop-${each.key}"
}

resource "aws_s3_bucket_versioning" "named" {
  for_each = var.names

  bucket = "shop-${each.key}"

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket" "counted" {
  count = var.number

  bucket_prefix = "shop-"
}

resource "aws_s3_bucket_versioning" "counted" {
  count = length(aws_s3_bucket.counted)

  bucket = aws_s3_bucket.counted[count.index].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket" "optional" {
  count = var.makes ? 1 : 0

  bucket_prefix = "shop-"
}

resource "aws_s3_bucket_versioning" "optional" {
  count = var.makes ? 1 : 0

  bucket = try(aws_s3_bucket.optional[0].id, "")

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket" "joined" {
  count = var.makes ? 1 : 0

  bucket_prefix = "shop-"
}

resource "aws_s3_bucket_versioning" "joined" {
  count = var.makes ? 1 : 0

  bucket = join("", aws_s3_bucket.joined.*.id)

  versioning_configuration {
    status = "Enabled"
  }
}

# Found by the name of the bucket.
resource "aws_s3_bucket" "found" {
  bucket = "shop-found"
}

data "aws_s3_bucket" "found" {
  bucket = "shop-found"
}

resource "aws_s3_bucket_versioning" "found" {
  bucket = data.aws_s3_bucket.found.id

  versioning_configuration {
    status = "Enabled"
  }
}

# Object lock, in both ways of writing it, turns versioning on.
resource "aws_s3_bucket" "locked" {
  bucket              = "shop-locked"
  object_lock_enabled = true
}

resource "aws_s3_bucket" "locked_inside" {
  bucket = "shop-locked-inside"

  object_lock_configuration {
    object_lock_enabled = "Enabled"
  }
}

# With a set, each.value equals each.key.
resource "aws_s3_bucket" "valued" {
  for_each = var.names

  bucket_prefix = "shop-"
}

resource "aws_s3_bucket_versioning" "valued" {
  for_each = var.names

  bucket = aws_s3_bucket.valued[each.value].id

  versioning_configuration {
    status = "Enabled"
  }
}
