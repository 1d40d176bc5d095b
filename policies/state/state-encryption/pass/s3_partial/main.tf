# `encrypt` is set, whatever -backend-config adds.
terraform {
  backend "s3" {
    encrypt = true
  }
}
