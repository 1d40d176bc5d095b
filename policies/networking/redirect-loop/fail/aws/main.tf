

resource "aws_lb" "shop" {
  name    = "shop"
  subnets = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"

  default_action {
    type = "redirect"

    redirect { # expect: redirect-loop
      protocol    = "HTTP"
      port        = "80"
      status_code = "HTTP_302"
    }
  }
}

# Redirects to itself.
resource "aws_lb_listener" "admin" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 8080
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect { # expect: redirect-loop
      status_code = "HTTP_302"
      query       = "moved"
    }
  }
}
