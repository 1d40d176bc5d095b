output "bucket" {
  description = "Value of `bucket` in every backend."
  value       = module.state.name
}

output "kms_key_alias" {
  description = "Value of `kms_key_id` in every backend."
  value       = aws_kms_alias.state.arn
}
