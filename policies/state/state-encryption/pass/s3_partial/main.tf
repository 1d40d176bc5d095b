# What is written counts, whatever else comes.
terraform {
  backend "s3" {
    encrypt = true
  }
}
