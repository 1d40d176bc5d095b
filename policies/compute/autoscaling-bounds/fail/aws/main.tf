resource "aws_autoscaling_group" "zero" {
  min_size = 0 # expect: autoscaling-bounds
  max_size = 4
}

resource "aws_autoscaling_group" "crossed" {
  min_size = 5 # expect: autoscaling-bounds
  max_size = 4
}

resource "aws_appautoscaling_target" "crossed" {
  service_namespace  = "ecs"
  resource_id        = "service/media/renderer"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 4 # expect: autoscaling-bounds
  max_capacity       = 2
}

# The limit in the settings, and one instance above it.
resource "aws_autoscaling_group" "most" {
  min_size = 1
  max_size = 150
}

resource "aws_autoscaling_group" "too_many" {
  min_size = 1
  max_size = 151 # expect: autoscaling-bounds
}

# The settings require autoscaling: none here, a target by reference, and a target by name.
resource "aws_ecs_service" "fixed" { # expect: autoscaling-bounds
  name            = "fixed"
  task_definition = "fixed"
}

resource "aws_ecs_service" "scaled" {
  name            = "scaled"
  task_definition = "scaled"
}

resource "aws_appautoscaling_target" "scaled" {
  service_namespace  = "ecs"
  resource_id        = "service/media/${aws_ecs_service.scaled.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 2
  max_capacity       = 4
}

resource "aws_ecs_service" "named" {
  name            = "renderer"
  task_definition = "renderer"
}
