terraform {
  backend "gcs" {
    bucket = "tfstate"
    prefix = "gcs"
  }
}
