variable "name" {
  type = string
}

resource "aws_s3_bucket" "this" {
  bucket              = var.name
  object_lock_enabled = true
}

output "id" {
  value = aws_s3_bucket.this.id
}
