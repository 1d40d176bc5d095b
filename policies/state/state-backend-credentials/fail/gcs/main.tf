terraform {
  backend "gcs" {
    bucket      = "tfstate"
    credentials = "{\"type\": \"service_account\", \"private_key\": \"Hm3Js6Pf0GaYb4Kd9Rt2\"}" # expect: state-backend-credentials
  }
}
