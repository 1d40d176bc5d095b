module "inner" {
  source = "./inner"
}

terraform {
  backend "s3" {
    bucket = "tfstate"
    key    = "module/terraform.tfstate"
    region = "eu-central-1"
  }
}
