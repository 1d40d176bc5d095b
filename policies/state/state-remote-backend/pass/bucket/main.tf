# Called by its example, so a module: its state is the caller's.
terraform {
  required_version = "~> 1.11"
}

resource "terraform_data" "bucket" {}
