terraform {
  backend "pg" {
    conn_str = "postgres://terraform:Heuwagen-55@db.livestreamsell.invalid/tfstate" # expect: state-backend-credentials
  }
}
