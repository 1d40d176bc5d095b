locals {
  web = {
    storefront = render_web_service.storefront
    api        = render_web_service.api
  }
}

output "hosts" {
  description = "Render host of each web service, the target of its DNS record."
  value       = { for name, service in local.web : name => trimprefix(service.url, "https://") }
}

output "domains" {
  description = "Public domain of each web service."
  value       = var.domains
}

output "service_names" {
  description = "Render name of each service, which is also the `service` label of its metrics."
  value = merge(
    { for name, service in local.web : name => service.name },
    { for name, worker in render_background_worker.this : name => worker.name },
  )
}

output "job_names" {
  description = "Render name of each job."
  value       = { for name, job in render_cron_job.this : name => job.name }
}
