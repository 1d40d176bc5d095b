output "bucket_names" {
  description = "Buckets by purpose."
  value = {
    backups = module.backups.name
    images  = module.images.name
    logs    = module.logs.name
  }
}

output "role_arns" {
  description = "Roles that Vault assumes, by bucket."
  value       = { for name, role in aws_iam_role.this : name => role.arn }
}
