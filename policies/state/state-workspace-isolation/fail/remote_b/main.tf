terraform {
  cloud {
    organization = "livestreamsell"

    workspaces { # expect: state-workspace-isolation
      name = "shop"
    }
  }
}
