module "inner" {
  source = "./inner"
}

terraform {
  backend "gcs" {
    bucket = "tfstate"
    prefix = "module"
  }
}
