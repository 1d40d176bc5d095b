terraform {
  backend "remote" {
    organization = "livestreamsell"

    workspaces { # expect: state-workspace-isolation
      name = "one-name"
    }
  }
}

variable "plan" {
  type = string
}
