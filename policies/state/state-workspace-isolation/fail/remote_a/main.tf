terraform {
  cloud {
    organization = "livestreamsell"

    workspaces {
      name = "shop"
    }
  }
}
