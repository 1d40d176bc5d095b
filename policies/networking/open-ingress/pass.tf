variable "office" {
  type = string

  validation {
    condition     = var.office != "0.0.0.0/0" && var.office != "::/0"
    error_message = "Not everybody is at the office."
  }
}

variable "public_port" {
  type = number

  validation {
    condition     = contains([80, 443], var.public_port)
    error_message = "The ports of the shop."
  }
}

# Unknown networks, but the port is public.
data "aws_ssm_parameter" "cdn" {
  name = "/shop/cdn"
}

resource "aws_security_group" "shop" {
  name = "shop"

  ingress {
    protocol         = "tcp"
    from_port        = 80
    to_port          = 80
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }

  ingress {
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = [aws_security_group.workers.id]
  }

  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "workers" {
  name    = "workers"
  ingress = []
}

resource "aws_security_group_rule" "out" {
  type              = "egress"
  security_group_id = aws_security_group.workers.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_vpc_security_group_ingress_rule" "half" {
  security_group_id = aws_security_group.workers.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "198.51.100.0/25"
}

resource "aws_vpc_security_group_ingress_rule" "office" {
  security_group_id = aws_security_group.workers.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = var.office
}

resource "aws_vpc_security_group_ingress_rule" "public" {
  security_group_id = aws_security_group.workers.id
  ip_protocol       = "tcp"
  from_port         = var.public_port
  to_port           = var.public_port
  cidr_ipv4         = "0.0.0.0/0"
}

# HTTP/3 uses UDP.
resource "aws_vpc_security_group_ingress_rule" "quic" {
  security_group_id = aws_security_group.workers.id
  ip_protocol       = "udp"
  from_port         = 443
  to_port           = 443
  cidr_ipv6         = "::/0"
}

resource "aws_vpc_security_group_ingress_rule" "cdn" {
  security_group_id = aws_security_group.workers.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = data.aws_ssm_parameter.cdn.value
}

resource "aws_vpc_security_group_ingress_rule" "none" {
  count = 0

  security_group_id = aws_security_group.workers.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

# Protocol names are case-insensitive.
resource "aws_security_group_rule" "upper" {
  type              = "ingress"
  security_group_id = aws_security_group.shop.id
  protocol          = "TCP"
  from_port         = "443"
  to_port           = "443"
  cidr_blocks       = ["0.0.0.0/0"]
}
