# Tried out and thrown away.
terraform {
  required_version = "~> 1.11"
}

module "bucket" {
  source = "../../bucket"
}
