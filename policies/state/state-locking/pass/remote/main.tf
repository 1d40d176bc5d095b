terraform {
  backend "remote" {
    organization = "livestreamsell"

    workspaces {
      prefix = "shop-"
    }
  }
}
