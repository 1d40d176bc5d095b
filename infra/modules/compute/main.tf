locals {
  environment_id = render_project.this.environments[var.environment].id

  scaling = {
    for name, service in var.services : name => {
      enabled = true
      min     = service.min
      max     = service.max
      criteria = {
        cpu = {
          enabled    = true
          percentage = service.cpu_percent
        }
        memory = {
          enabled    = true
          percentage = service.memory_percent
        }
      }
    }
  }

  ip_allow_list = [
    for cidr, reason in var.allowed_cidrs : {
      cidr_block  = cidr
      description = reason
    }
  ]
}

resource "render_project" "this" {
  name = var.prefix

  environments = {
    (var.environment) = {
      name             = var.environment
      protected_status = var.protected ? "protected" : "unprotected"
      network_isolated = true
    }
  }
}

# One link names every service of the group, because a second link would unlink the services of the first.
resource "render_env_group_link" "secrets" {
  env_group_id = var.secrets_env_group_id

  service_ids = concat(
    [render_web_service.storefront.id, render_web_service.api.id],
    [for worker in render_background_worker.this : worker.id],
    values(render_cron_job.this)[*].id,
  )
}
