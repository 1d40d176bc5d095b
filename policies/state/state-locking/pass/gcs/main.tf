terraform {
  backend "gcs" {
    bucket = "tfstate"
  }
}
