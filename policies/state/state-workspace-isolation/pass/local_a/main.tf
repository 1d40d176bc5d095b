# The same words, but each beside its own root.
terraform {
  backend "local" {
    path = "terraform.tfstate"
  }
}
