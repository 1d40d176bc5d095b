# The server stores one state per address, for all workspaces.
terraform {
  backend "http" {
    address = "https://state.livestreamsell.invalid/shop" # expect: state-workspace-isolation
  }
}

variable "plan" {
  type = string
}
