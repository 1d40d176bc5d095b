# Where the state of a backend that nobody documents lies, nobody can tell; the others are judged all the same.
terraform {
  backend "inmem" { # expect-undecided: state-workspace-isolation
    key = "shop/terraform.tfstate"
  }
}
