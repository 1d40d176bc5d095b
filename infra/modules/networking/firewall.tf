locals {
  groups = {
    edge  = "Load balancer of Vault and the metrics gateway"
    vault = "Vault servers"
    tools = "Migration and backup runners"
  }

  # Allowed connections inside the VPC. All others are blocked.
  internal_rules = {
    edge_to_vault = {
      from = "edge"
      to   = "vault"
      port = 8200
    }
    vault_to_vault = {
      from = "vault"
      to   = "vault"
      port = 8201
    }
    tools_to_vault = {
      from = "tools"
      to   = "vault"
      port = 8200
    }
  }

  outbound_ports = {
    edge  = []
    vault = [443]
    tools = [443, 5432, 6543]
  }

  outbound = merge([
    for group, ports in local.outbound_ports : {
      for port in ports : "${group}-${port}" => { group = group, port = port }
    }
  ]...)
}

data "cloudflare_ip_ranges" "this" {}

resource "aws_security_group" "this" {
  for_each = local.groups

  name        = "${var.prefix}-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.prefix}-${each.key}" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "cloudflare" {
  for_each = toset(data.cloudflare_ip_ranges.this.ipv4_cidrs)

  security_group_id = aws_security_group.this["edge"].id
  description       = "Cloudflare"
  cidr_ipv4         = each.key
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "office" {
  for_each = var.office_cidrs

  security_group_id = aws_security_group.this["edge"].id
  description       = each.key
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 8200
  to_port           = 8200
}

resource "aws_vpc_security_group_ingress_rule" "internal" {
  for_each = local.internal_rules

  security_group_id            = aws_security_group.this[each.value.to].id
  description                  = replace(each.key, "_", " ")
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "internal" {
  for_each = local.internal_rules

  security_group_id            = aws_security_group.this[each.value.from].id
  description                  = replace(each.key, "_", " ")
  referenced_security_group_id = aws_security_group.this[each.value.to].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "internet" {
  for_each = local.outbound

  security_group_id = aws_security_group.this[each.value.group].id
  description       = "Out to port ${each.value.port}"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}
