# The bucket is in a module, its lock is in the caller.
module "backups" {
  source = "./store"
  name   = "shop-archive"
}

resource "aws_s3_bucket_object_lock_configuration" "backups" {
  bucket = module.backups.id

  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 35
    }
  }
}
