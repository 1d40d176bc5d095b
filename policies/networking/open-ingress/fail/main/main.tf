variable "office" {
  type = string
}

variable "admin_port" {
  type = number
}

variable "open" {
  type = bool
}

variable "ports" {
  type    = set(number)
  default = [443, 5432]
}

data "aws_ssm_parameter" "office" {
  name = "/shop/office"
}

resource "aws_vpc" "shop" {
  cidr_block = "10.20.0.0/16"
}

# Inline rules of the group.
resource "aws_security_group" "inside" {
  name   = "inside"
  vpc_id = aws_vpc.shop.id

  ingress {
    description = "The shop"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    description      = "SSH"
    protocol         = "tcp"
    from_port        = 22
    to_port          = 22
    cidr_blocks      = ["10.20.0.0/16", "0.0.0.0/0"] # expect: open-ingress
    ipv6_cidr_blocks = ["::/0"]                      # expect: open-ingress
  }

  ingress {
    description = "From 80 to 443, and all between"
    protocol    = "tcp"
    from_port   = 80
    to_port     = 443
    cidr_blocks = ["0.0.0.0/1", "128.0.0.0/1"] # expect: open-ingress
  }
}

# The same as an attribute, and with a dynamic block.
resource "aws_security_group" "list" {
  name   = "list"
  vpc_id = aws_vpc.shop.id

  ingress = [{
    description      = "Everything"
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"] # expect: open-ingress
    ipv6_cidr_blocks = []
    prefix_list_ids  = []
    security_groups  = []
    self             = false
  }]
}

resource "aws_security_group" "dynamic" {
  name   = "dynamic"
  vpc_id = aws_vpc.shop.id

  dynamic "ingress" {
    for_each = var.ports

    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = ["0.0.0.0/0"] # expect: open-ingress
    }
  }
}

# Separate rule resources.
resource "aws_security_group_rule" "database" {
  type              = "ingress"
  security_group_id = aws_security_group.inside.id
  protocol          = "6"
  from_port         = 5432
  to_port           = 5432
  cidr_blocks       = ["0.0.0.0/0"] # expect: open-ingress
}

resource "aws_vpc_security_group_ingress_rule" "everything" {
  security_group_id = aws_security_group.inside.id
  ip_protocol       = "-1"
  cidr_ipv6         = "2000::/3" # expect: open-ingress
}

resource "aws_vpc_security_group_ingress_rule" "range" {
  security_group_id = aws_security_group.inside.id
  ip_protocol       = "udp"
  from_port         = 0
  to_port           = 65535
  cidr_ipv4         = "0.0.0.0/0" # expect: open-ingress
}

# A variable decides.
resource "aws_vpc_security_group_ingress_rule" "office" {
  security_group_id = aws_security_group.inside.id
  ip_protocol       = "tcp"
  from_port         = 8200
  to_port           = 8200
  cidr_ipv4         = var.office # expect-possible: open-ingress
}

resource "aws_vpc_security_group_ingress_rule" "admin" {
  security_group_id = aws_security_group.inside.id
  ip_protocol       = "tcp"
  from_port         = var.admin_port
  to_port           = var.admin_port
  cidr_ipv4         = "0.0.0.0/0" # expect-possible: open-ingress
}

resource "aws_vpc_security_group_ingress_rule" "sometimes" {
  count = var.open ? 1 : 0

  security_group_id = aws_security_group.inside.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "0.0.0.0/0" # expect-possible: open-ingress
}

# Only the provider knows.
resource "aws_vpc_security_group_ingress_rule" "fetched" {
  security_group_id = aws_security_group.inside.id
  ip_protocol       = "tcp"
  from_port         = 8200
  to_port           = 8200
  cidr_ipv4         = data.aws_ssm_parameter.office.value # expect-undecided: open-ingress
}

# Lists of networks that are unknown in part or in full.
variable "networks" {
  type = list(string)

  validation {
    condition     = !contains(var.networks, "::/0")
    error_message = "IPv4 only."
  }
}

resource "aws_security_group_rule" "partly" {
  type              = "ingress"
  security_group_id = aws_security_group.inside.id
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["10.20.0.0/16", var.office] # expect-possible: open-ingress
}

resource "aws_security_group_rule" "given" {
  type              = "ingress"
  security_group_id = aws_security_group.inside.id
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = var.networks # expect-possible: open-ingress
}

# The last port is unknown.
resource "aws_security_group_rule" "upwards" {
  type              = "ingress"
  security_group_id = aws_security_group.inside.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = var.admin_port
  cidr_blocks       = ["0.0.0.0/0"] # expect-possible: open-ingress
}
