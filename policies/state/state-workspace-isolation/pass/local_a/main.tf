# The same path, but relative to each root.
terraform {
  backend "local" {
    path = "terraform.tfstate"
  }
}
