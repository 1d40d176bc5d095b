# The backend of a module that is called is not used; what is written in it is `plaintext-secret`'s matter.
terraform {
  backend "http" {
    address  = "https://state.livestreamsell.invalid/inner"
    password = "Ampel-Fuchs-6610-gelb"
  }
}
