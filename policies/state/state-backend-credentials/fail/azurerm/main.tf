terraform {
  backend "azurerm" {
    storage_account_name = "tfstate"
    container_name       = "tfstate"
    key                  = "shop.tfstate"
    access_key           = local.key # expect: state-backend-credentials
  }
}

# OpenTofu accepts a local value here.
locals {
  key = "Kd9Rt2Wn7Xq1Lz5Vc8Hm3Js6"
}
