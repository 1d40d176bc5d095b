variable "names" {
  type = set(string)
}

# As many buckets as there are names, whatever these are: each has its versions.
module "store" {
  source   = "./bucket"
  for_each = var.names

  name = each.key
}

resource "aws_s3_bucket_versioning" "store" {
  for_each = var.names

  bucket = module.store[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}
