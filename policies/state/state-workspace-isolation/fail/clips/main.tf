terraform {
  backend "s3" {
    bucket = "tfstate"
    # Copied from billing, including its key.
    key = "shop/terraform.tfstate" # expect: state-workspace-isolation
    # The region comes from the environment; bucket names are unique over all regions.
  }
}
