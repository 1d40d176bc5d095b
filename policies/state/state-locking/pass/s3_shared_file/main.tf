# No file of its own: the one in a directory without configuration is for it.
terraform {
  backend "s3" {
    key = "s3_shared_file/terraform.tfstate"
  }
}
