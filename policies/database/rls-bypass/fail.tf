resource "postgresql_role" "worker" {
  name                      = "worker"
  login                     = true
  bypass_row_level_security = true # expect: rls-bypass
}

variable "mighty" {
  type = bool
}

resource "postgresql_role" "batch" {
  name                      = "batch"
  bypass_row_level_security = var.mighty # expect-possible: rls-bypass
}
