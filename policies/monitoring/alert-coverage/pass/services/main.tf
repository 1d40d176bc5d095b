locals {
  services = toset(["storefront", "api"])
}

variable "prefix" {
  type = string
}

resource "render_web_service" "this" {
  for_each = local.services

  name   = each.key
  plan   = "pro"
  region = "frankfurt"
}

# The names are equal for every value of the prefix.
resource "render_background_worker" "clips" {
  name   = "${var.prefix}-clips"
  plan   = "pro"
  region = "frankfurt"
}

resource "render_private_service" "search" {
  name   = "search"
  plan   = "pro"
  region = "frankfurt"
}

# The service does not exist.
resource "render_private_service" "old" {
  count = 0

  name   = "old"
  plan   = "pro"
  region = "frankfurt"
}

resource "aws_ecs_service" "ledger" {
  name            = "ledger"
  task_definition = "ledger:1"
}

resource "grafana_rule_group" "services" {
  name             = "services"
  folder_uid       = "alerts"
  interval_seconds = 60

  rule {
    name      = "clips"
    condition = "A"

    data {
      ref_id         = "A"
      datasource_uid = "prometheus"

      relative_time_range {
        from = 600
        to   = 0
      }

      model = jsonencode({
        expr = <<-EOT
          max(job_queue_depth{service="${var.prefix}-clips"}) > 200
            and max(deriv(job_queue_depth{service="${var.prefix}-clips"}[15m])) > 0
        EOT
      })
    }
  }
}

# Watched by CloudWatch.
resource "aws_ecs_service" "encoder" {
  name            = "encoder"
  task_definition = "encoder:1"
}

resource "aws_cloudwatch_metric_alarm" "encoder" {
  alarm_name          = "encoder is busy"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 3
  namespace           = "AWS/ECS"
  metric_name         = "CPUUtilization"
  statistic           = "Average"
  period              = 60
  threshold           = 90
  dimensions          = { ClusterName = "shop", ServiceName = "encoder" }
}
