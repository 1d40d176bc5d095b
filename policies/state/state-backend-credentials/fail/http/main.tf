terraform {
  backend "http" {
    address  = "https://state.livestreamsell.invalid/shop"
    username = "terraform"
    password = "Brombeere-Anker-9034" # expect: state-backend-credentials
  }
}
