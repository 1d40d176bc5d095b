terraform {
  backend "pg" {
    conn_str = "postgres://terraform@db.livestreamsell.invalid:5432/tfstate?sslmode=verify-full"
  }
}
