variable "names" {
  type = set(string)
}

# One versioned bucket for each of an unknown set of names.
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
