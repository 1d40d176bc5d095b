resource "terraform_data" "dns" { # expect: state-remote-backend
  input = "without main.tf, the first file is the place"
}
