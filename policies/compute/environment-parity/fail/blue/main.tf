# No workspace is production, so the second is compared with the first.
resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "sessions"
  description                = "Sessions"
  engine                     = "valkey"
  engine_version             = terraform.workspace == "blue" ? "8.0" : "7.2" # expect: environment-parity
  transit_encryption_enabled = true
}
