terraform {
  backend "http" {
    address        = "https://state.livestreamsell.invalid/shop"
    lock_address   = "https://state.livestreamsell.invalid/shop/lock"
    unlock_address = "https://state.livestreamsell.invalid/shop/lock"
  }
}
