terraform {
  backend "azurerm" { # expect-undecided: state-workspace-isolation
    key = "shop.tfstate"
  }
}
