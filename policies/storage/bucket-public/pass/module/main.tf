# Bucket and block are in different modules: joined by id, by a literal name, and by a variable.
variable "environment" {
  type = string
}

module "store" {
  source   = "./store"
  for_each = toset(["images", "exports"])

  name = "shop-${each.key}"
}

module "by_id" {
  source   = "./closing"
  for_each = module.store

  bucket = each.value.id
}

module "drafts" {
  source = "./store"
  name   = "shop-${var.environment}-drafts"
}

module "by_name" {
  source = "./closing"
  bucket = "shop-${var.environment}-drafts"
}

resource "aws_s3_bucket" "named" {
  bucket = "shop-named"
}

module "by_literal" {
  source = "./closing"
  bucket = "shop-named"
}

# Not created.
module "none" {
  source = "./store"
  count  = 0

  name = "shop-none"
}
