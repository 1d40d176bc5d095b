terraform {
  backend "oss" { # expect: state-encryption
    bucket           = "tfstate"
    tablestore_table = "locks"
  }
}
