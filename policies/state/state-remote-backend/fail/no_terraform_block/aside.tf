resource "terraform_data" "aside" {
  input = "although this file comes first"
}
