variable "internal" {
  type = bool
}

resource "aws_lb" "shop" {
  name     = "shop"
  subnets  = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
  internal = false
}

resource "aws_lb" "sometimes" {
  name     = "sometimes"
  subnets  = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
  internal = var.internal
}

resource "aws_lb_target_group" "shop" {
  name     = "shop"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = "vpc-0a1b2c3d"
}

resource "aws_lb_listener" "forwards" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward" # expect: https-redirect
    target_group_arn = aws_lb_target_group.shop.arn
  }
}

resource "aws_lb_listener" "sometimes" {
  load_balancer_arn = aws_lb.sometimes.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward" # expect-possible: https-redirect
    target_group_arn = aws_lb_target_group.shop.arn
  }
}

# Redirects to another host over plain HTTP.
resource "aws_lb_listener" "elsewhere" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 8080
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect { # expect: https-redirect
      host        = "shop.example"
      status_code = "HTTP_301"
    }
  }
}

# A load balancer outside of this configuration; the default protocol is HTTP.
resource "aws_lb_listener" "silent" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shop/0123456789abcdef"
  port              = 80

  default_action {
    type             = "forward" # expect: https-redirect
    target_group_arn = aws_lb_target_group.shop.arn
  }
}
