terraform {
  required_version = "~> 1.11"
}

# The backend may be in another block or file.
resource "terraform_data" "shop" {}
