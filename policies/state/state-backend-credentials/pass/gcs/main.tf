# A path to the credentials, not the credentials.
terraform {
  backend "gcs" {
    bucket      = "tfstate"
    credentials = "/run/secrets/tfstate.json"
  }
}
