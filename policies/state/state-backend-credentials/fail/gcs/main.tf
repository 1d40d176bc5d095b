terraform {
  backend "gcs" {
    bucket      = "tfstate"
    credentials = "{\"type\": \"service_account\", \"private_key_id\": \"0f1e2d\"}" # expect: state-backend-credentials
  }
}
