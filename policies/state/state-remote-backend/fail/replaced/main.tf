terraform {
  backend "s3" {
    bucket       = "tfstate"
    key          = "replaced/terraform.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}

resource "terraform_data" "shop" {}
