# Where the state of a backend that Terraform does not have lies, nobody can tell; the others are judged all the same.
terraform {
  backend "s4" { # expect-undecided: state-workspace-isolation
    key = "shop/terraform.tfstate"
  }
}
