terraform {
  backend "http" {
    address = "https://terraform:Anker-9034@state.livestreamsell.invalid/shop" # expect: state-backend-credentials
  }
}
