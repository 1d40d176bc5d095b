# Two buckets of one module: the block of the first names it, that of the second a bucket elsewhere.
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

# An instance for each name, and a block for one of them.
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
