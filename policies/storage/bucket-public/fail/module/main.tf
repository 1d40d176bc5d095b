# Two buckets of one module: one block names its bucket, the other names a foreign one.
module "closed" {
  source = "./bucket"
  name   = "shop-invoices"
}

module "open" {
  source = "./bucket"
  name   = "shop-avatars"
}

module "closing" {
  source = "./closing"
  names  = [module.closed.id, "shop-avatar"]
}

# One bucket for each name, but a block for only one of them.
resource "aws_s3_bucket" "each" { # expect: bucket-public
  for_each = toset(["music", "video"])

  bucket = "shop-${each.key}"
}

resource "aws_s3_bucket_public_access_block" "each" {
  bucket                  = aws_s3_bucket.each["music"].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
