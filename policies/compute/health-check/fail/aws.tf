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

# A separate resource attaches the group to its load balancer.
resource "aws_autoscaling_group" "attached" { # expect: health-check
  name     = "attached"
  min_size = 2
  max_size = 6
}

resource "aws_autoscaling_attachment" "attached" {
  autoscaling_group_name = aws_autoscaling_group.attached.id
  lb_target_group_arn    = aws_alb_target_group.off.arn
}

resource "aws_alb_target_group" "off" {
  name        = "alb-off"
  target_type = "lambda"

  health_check {
    enabled = false # expect: health-check
  }
}

# A local value holds family and revision of the task.
locals {
  tasks = { chat = aws_ecs_task_definition.chat.arn }
}

resource "aws_ecs_service" "local" { # expect: health-check
  name            = "local"
  task_definition = local.tasks["chat"]
}

resource "aws_ecs_service" "revision" { # expect: health-check
  name            = "revision"
  task_definition = "${aws_ecs_task_definition.chat.family}:${aws_ecs_task_definition.chat.revision}"
  cluster         = aws_ecs_cluster.shop.arn
}

resource "aws_ecs_cluster" "shop" {
  name = "shop"
}

variable "kind" {
  type = string
}

resource "aws_autoscaling_group" "given" {
  min_size          = 2
  max_size          = 6
  health_check_type = var.kind # expect-possible: health-check
  target_group_arns = [aws_lb_target_group.off.arn]
}
