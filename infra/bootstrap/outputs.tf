output "bucket" {
  description = "What `bucket` is in every backend."
  value       = module.state.name
}

output "kms_key_alias" {
  description = "What `kms_key_id` is in every backend."
  value       = aws_kms_alias.state.arn
}
