variable "least" {
  type = number
}

resource "aws_autoscaling_group" "encoders" {
  min_size = var.least # expect: autoscaling-bounds
  max_size = 8
}
