# The VPC is in the root, its subnets are in two calls of a module.
resource "aws_vpc" "shop" {
  cidr_block                       = "10.20.0.0/16"
  assign_generated_ipv6_cidr_block = true
}

module "web" {
  source = "./inner"
  vpc_id = aws_vpc.shop.id
  ranges = ["10.20.0.0/24", "10.20.1.0/24"]
}

module "workers" {
  source = "./inner"
  vpc_id = aws_vpc.shop.id
  ranges = ["10.20.1.0/25", "10.20.2.0/24"]
}
