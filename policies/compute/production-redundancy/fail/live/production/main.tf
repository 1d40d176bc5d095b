resource "aws_db_instance" "shop" { # expect: production-redundancy
  engine         = "postgres"
  instance_class = "db.t4g.small"
}
