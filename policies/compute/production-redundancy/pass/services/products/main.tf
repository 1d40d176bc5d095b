# A name that only begins like production.
resource "aws_autoscaling_group" "encoders" {
  min_size = 1
  max_size = 8
}
