terraform {
  required_version = "~> 1.11"
}

# The backend may stand in another block, and another file.
resource "terraform_data" "shop" {}
