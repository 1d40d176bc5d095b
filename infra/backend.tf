terraform {
  backend "s3" {
    bucket               = "lss-terraform-state"
    key                  = "platform/terraform.tfstate"
    region               = "eu-central-1"
    workspace_key_prefix = "env"
    encrypt              = true
    kms_key_id           = "arn:aws:kms:eu-central-1:111122223333:alias/lss-terraform-state"
    use_lockfile         = true
  }
}
