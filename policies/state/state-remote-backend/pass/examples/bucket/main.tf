# An example, whose state may be lost.
terraform {
  required_version = "~> 1.11"
}

module "bucket" {
  source = "../../bucket"
}
