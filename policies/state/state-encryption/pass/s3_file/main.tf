terraform {
  backend "s3" {
    region = "eu-central-1"
  }
}
