# Terraform ignores the backend of a called module; `plaintext-secret` reports secrets in it.
terraform {
  backend "http" {
    address  = "https://state.livestreamsell.invalid/inner"
    password = "Ampel-Fuchs-6610-gelb"
  }
}
