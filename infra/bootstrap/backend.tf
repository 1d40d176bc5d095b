# The bucket that this root makes holds this root's state too; the README says how the first apply goes.
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
