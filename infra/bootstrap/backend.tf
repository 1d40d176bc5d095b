# The bucket that this root module creates also holds its state. The README describes the first apply.
terraform {
  backend "s3" {
    bucket       = "lss-terraform-state"
    key          = "bootstrap/terraform.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    kms_key_id   = "arn:aws:kms:eu-central-1:111122223333:alias/lss-terraform-state"
    use_lockfile = true
  }
}
