# The settings say that nothing here is kept.
resource "terraform_data" "try" {}
