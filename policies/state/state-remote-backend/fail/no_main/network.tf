resource "terraform_data" "network" {
  input = "the second file"
}
