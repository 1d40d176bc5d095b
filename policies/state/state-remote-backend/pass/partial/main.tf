# Whatever comes by -backend-config, it is s3's.
terraform {
  backend "s3" {}
}

resource "terraform_data" "shop" {}
