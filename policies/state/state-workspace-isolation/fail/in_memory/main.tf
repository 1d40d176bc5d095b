# An undocumented backend is undecided; the other backends are judged.
terraform {
  backend "inmem" { # expect-undecided: state-workspace-isolation
    key = "shop/terraform.tfstate"
  }
}
