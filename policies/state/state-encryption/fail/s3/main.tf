terraform {
  backend "s3" { # expect: state-encryption
    bucket       = "tfstate"
    key          = "s3/terraform.tfstate"
    region       = "eu-central-1"
    use_lockfile = true
    # A key has no effect while `encrypt` is off.
    kms_key_id = "alias/tfstate"
  }
}
