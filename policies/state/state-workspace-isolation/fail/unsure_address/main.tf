# Unknown whether -backend-config gives one address for both workspaces.
terraform {
  backend "http" {} # expect-undecided: state-workspace-isolation
}

variable "plan" {
  type = string
}
