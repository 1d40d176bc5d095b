# Tried out by a test, and destroyed by it: nothing is found here.
resource "terraform_data" "check" {
  input = "ready"
}
