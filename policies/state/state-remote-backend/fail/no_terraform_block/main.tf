resource "terraform_data" "main" { # expect: state-remote-backend
  input = "without a terraform block, the top of main.tf is the place"
}
