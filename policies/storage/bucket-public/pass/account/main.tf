# One block for the account closes all of its buckets.
resource "aws_s3_account_public_access_block" "this" {
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket" "images" {
  bucket = "shop-images"
  acl    = "public-read"
}
