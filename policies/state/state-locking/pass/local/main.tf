# Not remote: `state-remote-backend` reports it.
terraform {
  backend "local" {}
}
