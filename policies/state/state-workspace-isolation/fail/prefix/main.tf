terraform {
  backend "s3" {
    bucket = "tfstate"
    # The prefix is for workspaces; the default one, which this root is in, has none.
    key                  = "shop/terraform.tfstate" # expect: state-workspace-isolation
    region               = "eu-central-1"
    workspace_key_prefix = "prefix"
  }
}
