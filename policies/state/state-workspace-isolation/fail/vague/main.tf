# May be the same state as that of a neighbouring root.
terraform {
  backend "consul" {} # expect-undecided: state-workspace-isolation
}
