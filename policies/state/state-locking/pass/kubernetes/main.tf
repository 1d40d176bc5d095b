terraform {
  backend "kubernetes" {
    secret_suffix = "shop"
  }
}
