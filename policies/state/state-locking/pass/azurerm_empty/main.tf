# It locks by itself, whatever it is given.
terraform {
  backend "azurerm" {}
}
