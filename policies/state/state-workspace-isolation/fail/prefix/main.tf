terraform {
  backend "s3" {
    bucket = "tfstate"
    # The prefix applies to workspaces except default, which this root uses.
    key                  = "shop/terraform.tfstate" # expect: state-workspace-isolation
    region               = "eu-central-1"
    workspace_key_prefix = "prefix"
  }
}
