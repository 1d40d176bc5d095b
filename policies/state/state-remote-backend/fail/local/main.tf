terraform {
  backend "local" { # expect: state-remote-backend
    path = "/var/lib/terraform/shop.tfstate"
  }
}

resource "terraform_data" "shop" {}
