# Encryption is on by default.
terraform {
  backend "cos" {
    bucket = "tfstate-1258798060"
    region = "ap-guangzhou"
  }
}
