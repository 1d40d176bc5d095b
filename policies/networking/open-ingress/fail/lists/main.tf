# Prefix lists: the first contains the whole internet.
resource "aws_ec2_managed_prefix_list" "world" {
  name           = "world"
  address_family = "IPv4"
  max_entries    = 2

  entry {
    cidr = "198.51.100.0/24"
  }

  entry {
    cidr = "0.0.0.0/0"
  }
}

resource "aws_ec2_managed_prefix_list" "office" {
  name           = "office"
  address_family = "IPv4"
  max_entries    = 1

  entry {
    cidr = "198.51.100.0/24"
  }
}

resource "aws_security_group" "vault" {
  name = "vault"

  ingress {
    protocol        = "tcp"
    from_port       = 8200
    to_port         = 8200
    prefix_list_ids = [aws_ec2_managed_prefix_list.office.id]
  }

  ingress {
    protocol        = "tcp"
    from_port       = 8201
    to_port         = 8203
    prefix_list_ids = [aws_ec2_managed_prefix_list.office.id, aws_ec2_managed_prefix_list.world.id] # expect: open-ingress
  }
}

resource "aws_vpc_security_group_ingress_rule" "world" {
  security_group_id = aws_security_group.vault.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  prefix_list_id    = aws_ec2_managed_prefix_list.world.id # expect: open-ingress
}

resource "aws_vpc_security_group_ingress_rule" "office" {
  security_group_id = aws_security_group.vault.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  prefix_list_id    = aws_ec2_managed_prefix_list.office.id
}

# A prefix list with separate entry resources.
resource "aws_ec2_managed_prefix_list" "partners" {
  name           = "partners"
  address_family = "IPv6"
  max_entries    = 1
}

resource "aws_ec2_managed_prefix_list_entry" "partners" {
  prefix_list_id = aws_ec2_managed_prefix_list.partners.id
  cidr           = "::/0"
}

resource "aws_vpc_security_group_ingress_rule" "partners" {
  security_group_id = aws_security_group.vault.id
  ip_protocol       = "tcp"
  from_port         = 8200
  to_port           = 8200
  prefix_list_id    = aws_ec2_managed_prefix_list.partners.id # expect: open-ingress
}
