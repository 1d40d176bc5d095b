terraform {
  backend "local" {
    path = "../shared.tfstate"
  }
}
