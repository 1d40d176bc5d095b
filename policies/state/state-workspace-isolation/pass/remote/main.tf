terraform {
  backend "remote" {
    organization = "livestreamsell"

    workspaces {
      prefix = "shop-"
    }
  }
}

variable "plan" {
  type = string
}
