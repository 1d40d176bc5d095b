terraform {
  backend "cos" {
    bucket  = "tfstate-1258798060"
    region  = "ap-guangzhou"
    encrypt = false # expect: state-encryption
  }
}
