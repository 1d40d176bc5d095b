# The role of the machine has access; a profile and an ARN are not secrets.
terraform {
  backend "s3" {
    bucket     = "tfstate"
    key        = "s3/terraform.tfstate"
    region     = "eu-central-1"
    profile    = "deploy"
    kms_key_id = "arn:aws:kms:eu-central-1:111122223333:alias/tfstate"

    assume_role = {
      role_arn = "arn:aws:iam::111122223333:role/deploy"
    }
  }
}
