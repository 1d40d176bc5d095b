# The bucket is unknown, but no other root has this key.
terraform {
  backend "s3" {
    key = "partial/terraform.tfstate"
  }
}
