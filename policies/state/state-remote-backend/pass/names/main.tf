# Files with variables and outputs only have no state.
locals {
  regions = ["eu-central-1"]
}

output "regions" {
  value = local.regions
}
