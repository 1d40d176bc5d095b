# Not remote: another policy's matter.
terraform {
  backend "local" {}
}
