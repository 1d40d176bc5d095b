output "dashboard_urls" {
  description = "Dashboards by file name."
  value       = { for name, dashboard in grafana_dashboard.this : name => dashboard.url }
}

output "folder_uid" {
  description = "Folder of the dashboards and rules."
  value       = grafana_folder.this.uid
}
