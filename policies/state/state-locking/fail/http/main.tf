terraform {
  backend "http" { # expect: state-locking
    address = "https://state.livestreamsell.invalid/shop"
  }
}
