resource "render_web_service" "storefront" {
  name           = "${var.prefix}-storefront"
  plan           = var.services["storefront"].plan
  region         = var.region
  environment_id = local.environment_id

  root_directory    = "apps/storefront"
  start_command     = "node .output/server/index.mjs"
  health_check_path = "/healthz"

  runtime_source = {
    native_runtime = {
      repo_url            = var.repository.url
      branch              = var.repository.branch
      build_command       = "pnpm install --frozen-lockfile && pnpm build"
      runtime             = "node"
      auto_deploy_trigger = "checksPass"
      build_filter        = { paths = ["apps/storefront/**", "packages/**"] }
    }
  }

  autoscaling = local.scaling["storefront"]

  env_vars = {
    for name, value in merge(var.environment_variables, {
      API_URL = "https://${var.domains["api"]}"
    }) : name => { value = value }
  }

  custom_domains = [{ name = var.domains["storefront"] }]
  ip_allow_list  = local.ip_allow_list

  max_shutdown_delay_seconds = 60

  previews              = { generation = "off" }
  notification_override = { notifications_to_send = "failure", preview_notifications_enabled = "false" }
}

resource "render_web_service" "api" {
  name           = "${var.prefix}-api"
  plan           = var.services["api"].plan
  region         = var.region
  environment_id = local.environment_id

  root_directory    = "apps/api"
  start_command     = "node dist/server.js"
  health_check_path = "/healthz"

  runtime_source = {
    native_runtime = {
      repo_url            = var.repository.url
      branch              = var.repository.branch
      build_command       = "pnpm install --frozen-lockfile && pnpm build"
      runtime             = "node"
      auto_deploy_trigger = "checksPass"
      build_filter        = { paths = ["apps/api/**", "packages/**"] }
    }
  }

  autoscaling = {
    enabled = true
    min     = var.services["api"].min
    max     = var.services["api"].max
    criteria = {
      cpu = {
        enabled    = true
        percentage = var.services["api"].cpu_percent
      }
      memory = {
        enabled    = true
        percentage = var.services["api"].memory_percent
      }
    }
  }

  env_vars = {
    for name, value in merge(var.environment_variables, {
      ALLOWED_ORIGINS = "https://${var.domains["storefront"]}"
      VAULT_ROLE      = "api"
    }) : name => { value = value }
  }

  custom_domains = [{ name = var.domains["api"] }]
  ip_allow_list  = local.ip_allow_list

  # A running order finishes before an instance stops.
  max_shutdown_delay_seconds = 120

  previews              = { generation = "off" }
  notification_override = { notifications_to_send = "failure", preview_notifications_enabled = "false" }
}
