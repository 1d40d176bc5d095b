terraform {
  backend "s3" {
    bucket       = "tfstate"
    key          = "shop/terraform.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}
