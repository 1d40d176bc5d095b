# The server keeps one state at one address, whatever workspace is asked for.
terraform {
  backend "http" {
    address = "https://state.livestreamsell.invalid/shop" # expect: state-workspace-isolation
  }
}

variable "plan" {
  type = string
}
