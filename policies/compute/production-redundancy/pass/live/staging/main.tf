# Live is where all environments are, and this is the staging one.
resource "aws_db_instance" "shop" {
  engine         = "postgres"
  instance_class = "db.t4g.small"
}
