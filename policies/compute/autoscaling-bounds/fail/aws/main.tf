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
