resource "aws_lb_target_group" "off" {
  name        = "off"
  target_type = "lambda"

  health_check {
    enabled = false # expect: health-check
  }
}

resource "aws_autoscaling_group" "silent" { # expect: health-check
  min_size          = 2
  max_size          = 6
  target_group_arns = [aws_lb_target_group.off.arn]
}

resource "aws_autoscaling_group" "deaf" {
  min_size          = 2
  max_size          = 6
  health_check_type = "EC2" # expect: health-check

  traffic_source {
    identifier = aws_lb_target_group.off.arn
  }
}

resource "aws_autoscaling_group" "classic" { # expect: health-check
  min_size       = 2
  max_size       = 6
  load_balancers = ["classic"]
}

resource "aws_ecs_task_definition" "chat" {
  family = "chat"
  container_definitions = jsonencode([
    { name = "chat", image = "ghcr.io/livestreamsell/chat:2.2.0", portMappings = [{ containerPort = 9000 }] },
    { name = "logs", image = "ghcr.io/livestreamsell/logs:1.0.0" },
  ])
}

resource "aws_ecs_service" "chat" { # expect: health-check
  name            = "chat"
  task_definition = aws_ecs_task_definition.chat.arn
}
