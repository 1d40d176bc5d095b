terraform {
  backend "consul" {
    path = "shop/terraform.tfstate"
  }
}
