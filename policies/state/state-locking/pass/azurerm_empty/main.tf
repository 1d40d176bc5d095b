# The backend always locks.
terraform {
  backend "azurerm" {}
}
