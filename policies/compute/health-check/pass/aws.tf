# By default, AWS checks the path "/".
resource "aws_lb_target_group" "defaults" {
  name     = "defaults"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = "vpc-0a1b2c3d4e5f60718"
}

resource "aws_lb_target_group" "api" {
  name     = "api"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = "vpc-0a1b2c3d4e5f60718"

  health_check {
    enabled = true
    path    = "/healthz"
  }
}

resource "aws_autoscaling_group" "api" {
  min_size          = 2
  max_size          = 6
  health_check_type = "ELB"
  target_group_arns = [aws_lb_target_group.api.arn]
}

# No load balancer is attached.
resource "aws_autoscaling_group" "encoders" {
  min_size          = 1
  max_size          = 6
  target_group_arns = []
}

resource "aws_ecs_task_definition" "api" {
  family = "api"
  container_definitions = jsonencode([
    { name = "api", image = "ghcr.io/livestreamsell/api:5.0.1", portMappings = [{ containerPort = 8080 }] },
  ])
}

resource "aws_ecs_service" "api" {
  name            = "api"
  task_definition = aws_ecs_task_definition.api.arn

  load_balancer {
    target_group_arn = aws_lb_target_group.api.arn
    container_name   = "api"
    container_port   = 8080
  }
}

resource "aws_ecs_task_definition" "chat" {
  family = "chat"
  container_definitions = jsonencode([
    {
      name         = "chat"
      image        = "ghcr.io/livestreamsell/chat:2.2.0"
      portMappings = [{ containerPort = 9000 }]
      healthCheck  = { command = ["CMD", "chatctl", "ping"] }
    },
    { name = "logs", image = "ghcr.io/livestreamsell/logs:1.0.0" },
  ])
}

resource "aws_ecs_service" "chat" {
  name            = "chat"
  task_definition = aws_ecs_task_definition.chat.arn
}

# The container listens on no port.
resource "aws_ecs_task_definition" "digest" {
  family = "digest"
  container_definitions = jsonencode([
    { name = "digest", image = "ghcr.io/livestreamsell/digest:1.0.0", portMappings = [] },
  ])
}

resource "aws_ecs_service" "digest" {
  name            = "digest"
  task_definition = aws_ecs_task_definition.digest.arn
}

resource "aws_ecs_task_definition" "mails" {
  family = "mails"
  container_definitions = jsonencode([
    { name = "mails", image = "ghcr.io/livestreamsell/mails:1.0.0" },
  ])
}

resource "aws_ecs_service" "mails" {
  name            = "mails"
  task_definition = aws_ecs_task_definition.mails.arn
  cluster         = aws_ecs_cluster.shop.arn
}

resource "aws_ecs_cluster" "shop" {
  name = "shop"
}

# ELB among several types, and the type of VPC Lattice.
resource "aws_autoscaling_group" "kinds" {
  for_each = toset(["EBS,ELB", "VPC_LATTICE", "elb"])

  min_size          = 2
  max_size          = 6
  health_check_type = each.key
  target_group_arns = [aws_lb_target_group.api.arn]
}
