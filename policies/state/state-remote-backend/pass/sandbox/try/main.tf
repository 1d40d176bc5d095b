# The settings list this directory as throwaway.
resource "terraform_data" "try" {}
