# No workspace of these is production: the first is what the second is held against.
resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "sessions"
  description                = "Sessions"
  engine                     = "valkey"
  engine_version             = terraform.workspace == "blue" ? "8.0" : "7.2" # expect: environment-parity
  transit_encryption_enabled = true
}
