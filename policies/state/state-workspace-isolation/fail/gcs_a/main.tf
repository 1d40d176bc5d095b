terraform {
  backend "gcs" {
    bucket = "shop-tfstate"
  }
}
