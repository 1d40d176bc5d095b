terraform {
  backend "oss" { # expect: state-locking
    bucket = "tfstate"
    key    = "shop.tfstate"
  }
}
