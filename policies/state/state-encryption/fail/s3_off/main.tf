terraform {
  backend "s3" {
    bucket     = "tfstate"
    key        = "s3_off/terraform.tfstate"
    region     = "eu-central-1"
    encrypt    = false # expect: state-encryption
    kms_key_id = "alias/tfstate"
  }
}
