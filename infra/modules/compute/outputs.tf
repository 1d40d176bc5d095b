locals {
  web = {
    storefront = render_web_service.storefront
    api        = render_web_service.api
  }
}

output "hosts" {
  description = "Host at Render of each web service, for DNS to point at."
  value       = { for name, service in local.web : name => trimprefix(service.url, "https://") }
}

output "domains" {
  description = "Public name of each web service."
  value       = var.domains
}

output "service_names" {
  description = "What each service is called at Render, which is also the `service` label of its metrics."
  value = merge(
    { for name, service in local.web : name => service.name },
    { for name, worker in render_background_worker.this : name => worker.name },
  )
}

output "job_names" {
  description = "What each job is called at Render."
  value       = { for name, job in render_cron_job.this : name => job.name }
}
