# Its switch is on where nobody touches it.
terraform {
  backend "cos" {
    bucket = "tfstate-1258798060"
    region = "ap-guangzhou"
  }
}
