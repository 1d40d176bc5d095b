variable "port" {
  type = number
}

variable "ranges" {
  type = map(string)
}

resource "aws_security_group" "this" {
  name = "port-${var.port}"
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = var.ranges

  security_group_id = aws_security_group.this.id
  description       = each.key
  ip_protocol       = "tcp"
  from_port         = var.port
  to_port           = var.port
  cidr_ipv4         = each.value # expect: open-ingress
}
