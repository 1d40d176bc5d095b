terraform {
  backend "consul" {
    path = "terraform/shop"
  }
}
