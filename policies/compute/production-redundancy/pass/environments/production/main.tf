resource "aws_db_instance" "shop" {
  identifier     = "shop"
  instance_class = "db.m7g.large"
  multi_az       = true
}

resource "aws_db_instance" "replica" {
  identifier          = "replica"
  instance_class      = "db.m7g.large"
  replicate_source_db = aws_db_instance.shop.identifier
}

resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id = "sessions"
  description          = "Sessions"
  multi_az_enabled     = true
}

resource "aws_autoscaling_group" "encoders" {
  min_size = 2
  max_size = 8
}

resource "aws_ecs_service" "fixed" {
  name          = "fixed"
  desired_count = 2
}

# A daemon runs on every machine.
resource "aws_ecs_service" "agent" {
  name                = "agent"
  scheduling_strategy = "DAEMON"
}

# The scaling target sets the number of instances.
resource "aws_ecs_service" "scaled" {
  name          = "scaled"
  desired_count = 1
}

resource "aws_appautoscaling_target" "scaled" {
  service_namespace  = "ecs"
  resource_id        = "service/shop/${aws_ecs_service.scaled.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 2
  max_capacity       = 6
}

# Capacity units, not machines.
resource "aws_appautoscaling_target" "table" {
  service_namespace  = "dynamodb"
  resource_id        = "table/carts"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
  min_capacity       = 1
  max_capacity       = 50
}

# A target scales the service by its name.
resource "aws_ecs_service" "named" {
  name            = "named"
  task_definition = "named"
  desired_count   = 1
}

resource "aws_appautoscaling_target" "named" {
  service_namespace  = "ecs"
  resource_id        = "service/shop/named"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 2
  max_capacity       = 4
}
