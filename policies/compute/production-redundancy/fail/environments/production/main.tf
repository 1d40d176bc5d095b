resource "aws_db_instance" "alone" {
  identifier     = "alone"
  instance_class = "db.m7g.large"
  multi_az       = false # expect: production-redundancy
}

resource "aws_db_instance" "silent" { # expect: production-redundancy
  identifier     = "silent"
  instance_class = "db.m7g.large"
}

resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id = "sessions"
  description          = "Sessions"
  multi_az_enabled     = false # expect: production-redundancy
}

resource "aws_autoscaling_group" "encoders" {
  min_size = 1 # expect: production-redundancy
  max_size = 8
}

resource "aws_ecs_service" "fixed" {
  name          = "fixed"
  desired_count = 1 # expect: production-redundancy
}

resource "aws_ecs_service" "unset" { # expect: production-redundancy
  name = "unset"
}

resource "aws_ecs_service" "scaled" {
  name          = "scaled"
  desired_count = 3
}

# The minimum of the scaling target counts, not the number of the service.
resource "aws_appautoscaling_target" "scaled" {
  service_namespace  = "ecs"
  resource_id        = "service/shop/${aws_ecs_service.scaled.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 1 # expect: production-redundancy
  max_capacity       = 6
}

# The caller of a module sets the number; a resource with count = 0 is no finding.
module "database" {
  source   = "./database"
  multi_az = false
}

module "none" {
  source   = "./database"
  count    = 0
  multi_az = null
}
