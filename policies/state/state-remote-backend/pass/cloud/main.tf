terraform {
  cloud {
    organization = "livestreamsell"

    workspaces {
      name = "shop"
    }
  }
}

resource "terraform_data" "shop" {}
