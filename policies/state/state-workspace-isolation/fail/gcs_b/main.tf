terraform {
  backend "gcs" {
    bucket = "shop-tfstate"
    # Explicit, but equal to the default.
    prefix = "" # expect: state-workspace-isolation
  }
}
