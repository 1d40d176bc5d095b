terraform {
  backend "artifactory" { # expect: state-locking
    url     = "https://artifactory.livestreamsell.invalid"
    repo    = "tfstate"
    subpath = "shop"
  }
}
