terraform {
  backend "pg" {}
}
