terraform {
  backend "consul" {
    path = "terraform/shop"
    lock = false # expect: state-locking
  }
}
