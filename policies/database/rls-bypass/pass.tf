resource "postgresql_role" "worker" {
  name  = "worker"
  login = true
}
