variable "cidr" {
  type = string
}

variable "second" {
  type = string
}

variable "wide" {
  type = bool
}

data "aws_ssm_parameter" "range" {
  name = "/shop/range"
}

resource "aws_vpc" "shop" {
  cidr_block = "10.20.0.0/16"
}

resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.shop.id
  cidr_block = "10.20.0.0/20"
}

# Inside the first range.
resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.shop.id
  cidr_block = "10.20.8.0/24" # expect: subnet-overlap
}

# Contains an earlier range.
resource "aws_subnet" "spare" {
  vpc_id     = aws_vpc.shop.id
  cidr_block = cidrsubnet(aws_vpc.shop.cidr_block, 2, 0) # expect: subnet-overlap
}

# Two instances of one block.
resource "aws_subnet" "zone" {
  for_each = {
    a = "10.20.64.0/24"
    b = "10.20.64.128/25"
  }

  vpc_id     = aws_vpc.shop.id
  cidr_block = each.value # expect: subnet-overlap
}

# The same part of an unknown range.
resource "aws_vpc" "other" {
  cidr_block = var.cidr
}

resource "aws_subnet" "first" {
  vpc_id     = aws_vpc.other.id
  cidr_block = cidrsubnet(var.cidr, 4, 1)
}

resource "aws_subnet" "second" {
  vpc_id     = aws_vpc.other.id
  cidr_block = cidrsubnet(aws_vpc.other.cidr_block, 6, 7) # expect: subnet-overlap
}

resource "aws_subnet" "third" {
  vpc_id     = aws_vpc.other.id
  cidr_block = cidrsubnets(var.cidr, 2, 4, 4)[0] # expect: subnet-overlap
}

# Two variables that may be equal.
resource "aws_vpc" "third" {
  cidr_block = "10.60.0.0/16"
}

resource "aws_subnet" "given" {
  vpc_id     = aws_vpc.third.id
  cidr_block = "10.60.1.0/24"
}

resource "aws_subnet" "told" {
  vpc_id     = aws_vpc.third.id
  cidr_block = var.second # expect-possible: subnet-overlap
}

# A switch chooses one of two ranges.
resource "aws_vpc" "fourth" {
  cidr_block = "10.70.0.0/16"
}

resource "aws_subnet" "fixed" {
  vpc_id     = aws_vpc.fourth.id
  cidr_block = "10.70.1.0/24"
}

resource "aws_subnet" "switched" {
  vpc_id     = aws_vpc.fourth.id
  cidr_block = var.wide ? "10.70.0.0/20" : "10.70.2.0/24" # expect-possible: subnet-overlap
}

# Only the provider knows the range.
resource "aws_subnet" "fetched" {
  vpc_id     = "vpc-0a1b2c3d"
  cidr_block = data.aws_ssm_parameter.range.value
}

resource "aws_subnet" "beside" {
  vpc_id     = "vpc-0a1b2c3d"
  cidr_block = "10.80.0.0/24" # expect-undecided: subnet-overlap
}
