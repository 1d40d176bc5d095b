terraform {
  backend "s3" {
    bucket = "tfstate"
    # Copied from billing, together with its key.
    key = "shop/terraform.tfstate" # expect: state-workspace-isolation
    # No region: it comes from the environment, and bucket names are unique over all regions.
  }
}
