terraform {
  backend "azurerm" { # expect-undecided: state-workspace-isolation
    container_name = "tfstate"
    key            = "shop.tfstate"
  }
}
