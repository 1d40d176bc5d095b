variable "vpc_id" {
  type = string
}

variable "ranges" {
  type = list(string)
}

resource "aws_subnet" "this" {
  count = length(var.ranges)

  vpc_id     = var.vpc_id
  cidr_block = var.ranges[count.index] # expect: subnet-overlap
}
