terraform {
  backend "pg" {
    conn_str = "host=db.livestreamsell.invalid user=terraform password=Heuwagen-55" # expect: state-backend-credentials
  }
}
