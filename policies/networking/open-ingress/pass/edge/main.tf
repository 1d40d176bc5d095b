variable "last" {
  type    = number
  default = 8444
}

resource "aws_security_group_rule" "edge" {
  type              = "ingress"
  security_group_id = "sg-0a1b2c3d"
  protocol          = "tcp"
  from_port         = 8443
  to_port           = var.last
  cidr_blocks       = ["0.0.0.0/0"]
}
