# Partial, but the backend is s3.
terraform {
  backend "s3" {}
}

resource "terraform_data" "shop" {}
