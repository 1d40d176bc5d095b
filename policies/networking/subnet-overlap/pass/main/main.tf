variable "cidr" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "zones" {
  type    = list(string)
  default = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
}

data "aws_vpc" "shared" {
  id = var.vpc_id
}

locals {
  ranges = cidrsubnets(var.cidr, 4, 4, 8, 4)
}

resource "aws_vpc" "shop" {
  cidr_block = "10.20.0.0/16"
}

resource "aws_vpc" "other" {
  cidr_block = var.cidr
}

# The same range in two networks.
resource "aws_subnet" "public" {
  for_each = toset(["shop", "spare"])

  vpc_id     = each.key == "shop" ? aws_vpc.shop.id : "vpc-0a1b2c3d"
  cidr_block = "10.20.0.0/24"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.shop.id
  cidr_block = "10.20.1.0/24"
}

# Parts of one unknown range.
resource "aws_subnet" "numbered" {
  count = length(var.zones)

  vpc_id            = aws_vpc.other.id
  cidr_block        = cidrsubnet(var.cidr, 4, count.index)
  availability_zone = var.zones[count.index]
}

resource "aws_subnet" "further" {
  vpc_id     = aws_vpc.other.id
  cidr_block = cidrsubnet(cidrsubnet(aws_vpc.other.cidr_block, 3, 7), 4, 9)
}

resource "aws_vpc" "third" {
  cidr_block = var.cidr
}

resource "aws_subnet" "listed" {
  count = length(local.ranges)

  vpc_id     = aws_vpc.third.id
  cidr_block = local.ranges[count.index]
}

resource "aws_subnet" "shared" {
  count = 2

  vpc_id     = data.aws_vpc.shared.id
  cidr_block = cidrsubnet(data.aws_vpc.shared.cidr_block, 8, 100 + count.index)
}

# No IPv6 range.
resource "aws_subnet" "native" {
  count = 2

  vpc_id      = aws_vpc.shop.id
  ipv6_native = true
}

resource "aws_subnet" "none" {
  count = 0

  vpc_id     = aws_vpc.shop.id
  cidr_block = "10.20.0.0/16"
}
