# The server's matter, which no argument says.
terraform {
  backend "http" {
    address = "https://state.livestreamsell.invalid/shop"
  }
}
