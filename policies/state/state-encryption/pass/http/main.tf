# The server decides about encryption; no argument shows it.
terraform {
  backend "http" {
    address = "https://state.livestreamsell.invalid/shop"
  }
}
