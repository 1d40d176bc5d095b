# Whether the address that comes by -backend-config is one for both workspaces, nobody here can tell.
terraform {
  backend "http" {} # expect-undecided: state-workspace-isolation
}

variable "plan" {
  type = string
}
