terraform {
  backend "http" {
    address  = "https://state.livestreamsell.invalid/shop"
    username = "terraform"
    password = ""
  }
}
