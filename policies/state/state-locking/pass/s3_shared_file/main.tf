# The file in a directory without configuration completes this backend.
terraform {
  backend "s3" {
    key = "s3_shared_file/terraform.tfstate"
  }
}
