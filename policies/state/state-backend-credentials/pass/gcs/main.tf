# Where the credentials are, not the credentials.
terraform {
  backend "gcs" {
    bucket      = "tfstate"
    credentials = "/run/secrets/tfstate.json"
  }
}
