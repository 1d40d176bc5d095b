# The directory live holds all environments; this one is staging.
resource "aws_db_instance" "shop" {
  engine         = "postgres"
  instance_class = "db.t4g.small"
}
