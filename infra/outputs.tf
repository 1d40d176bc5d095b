output "domains" {
  description = "URLs of the shop and its API."
  value       = { for name, domain in module.compute.domains : name => "https://${domain}" }
}

output "name_servers" {
  description = "Name servers to set at the registrar, by zone."
  value       = module.networking.name_servers
}

output "supabase_project_ref" {
  description = "Project reference for `supabase link --project-ref`."
  value       = module.database.project_ref
}

output "buckets" {
  description = "Bucket names by purpose."
  value       = module.storage.bucket_names
}

output "approle_role_ids" {
  description = "AppRole role ids by consumer. A role id gives no access without its secret id."
  value       = module.secrets.role_ids
}

output "dashboards" {
  description = "Dashboards by file name."
  value       = module.monitoring.dashboard_urls
}
