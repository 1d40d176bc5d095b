output "project_ref" {
  description = "Reference of the Supabase project."
  value       = supabase_project.this.id
}

output "host" {
  description = "Host of PostgreSQL itself."
  value       = "db.${supabase_project.this.id}.supabase.co"
}

output "api_url" {
  description = "Address of the API."
  value       = "https://${supabase_project.this.id}.supabase.co"
}
