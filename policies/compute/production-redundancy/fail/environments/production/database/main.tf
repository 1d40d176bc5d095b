variable "multi_az" {
  type = bool
}

resource "aws_db_instance" "this" {
  engine         = "postgres"
  instance_class = "db.m7g.large"
  multi_az       = var.multi_az # expect: production-redundancy
}
