locals {
  workers = {
    stream-ingest = {
      dockerfile     = "apps/ingest/Dockerfile"
      shutdown_delay = 300
      variables      = { INGEST_PROTOCOLS = "rtmps,srt" }
    }
    clip-renderer = {
      dockerfile     = "apps/clips/Dockerfile"
      shutdown_delay = 300
      variables      = { RENDER_CONCURRENCY = "2", QUEUE = "clips" }
    }
    notifications = {
      dockerfile     = "apps/notifications/Dockerfile"
      shutdown_delay = 30
      variables      = { QUEUE = "notifications" }
    }
  }
}

resource "render_background_worker" "this" {
  for_each = local.workers

  name           = "${var.prefix}-${each.key}"
  plan           = var.services[each.key].plan
  region         = var.region
  environment_id = local.environment_id

  runtime_source = {
    docker = {
      repo_url            = var.repository.url
      branch              = var.repository.branch
      dockerfile_path     = each.value.dockerfile
      auto_deploy_trigger = "checksPass"
    }
  }

  autoscaling = local.scaling[each.key]

  env_vars = {
    for name, value in merge(var.environment_variables, each.value.variables, { VAULT_ROLE = each.key }) :
    name => { value = value }
  }

  max_shutdown_delay_seconds = each.value.shutdown_delay

  previews              = { generation = "off" }
  notification_override = { notifications_to_send = "failure", preview_notifications_enabled = "false" }
}

resource "render_cron_job" "this" {
  for_each = var.jobs

  name           = "${var.prefix}-${each.key}"
  plan           = each.value.plan
  region         = var.region
  environment_id = local.environment_id
  schedule       = each.value.schedule
  start_command  = each.value.command

  runtime_source = {
    docker = {
      repo_url            = var.repository.url
      branch              = var.repository.branch
      dockerfile_path     = "apps/jobs/Dockerfile"
      auto_deploy_trigger = "checksPass"
    }
  }

  env_vars = {
    for name, value in merge(var.environment_variables, { VAULT_ROLE = each.key }) : name => { value = value }
  }

  notification_override = { notifications_to_send = "failure", preview_notifications_enabled = "false" }
}
