terraform {
  backend "gcs" {
    bucket = "shop-tfstate"
    # Written, and still the default.
    prefix = "" # expect: state-workspace-isolation
  }
}
