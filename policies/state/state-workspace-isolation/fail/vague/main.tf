# It may be the one that a root beside this one names whole.
terraform {
  backend "consul" {} # expect-undecided: state-workspace-isolation
}
