terraform {
  backend "local" {
    path = "./../shared.tfstate" # expect: state-workspace-isolation
  }
}
