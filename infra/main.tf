locals {
  environment = terraform.workspace
  prefix      = "lss-${local.environment}"
  production  = local.environment == "production"

  tags = {
    project     = "livestreamsell"
    environment = local.environment
    managed_by  = "terraform"
  }

  api_domain = "api.${var.domain}"
}

module "networking" {
  source = "./modules/networking"

  prefix             = local.prefix
  region             = var.region
  cidr               = var.network.cidr
  availability_zones = var.network.availability_zones
  nat_per_zone       = var.network.nat_per_zone
  office_cidrs       = var.office_cidrs

  cloudflare_account_id = var.cloudflare_account_id
  domain                = var.domain
  legacy_domains        = var.legacy_domains
  hsts_preload          = local.production
  office_only           = !local.production
  mail                  = var.mail

  hosts = {
    (var.domain)       = module.compute.hosts["storefront"]
    (local.api_domain) = module.compute.hosts["api"]
  }
}

module "compute" {
  source = "./modules/compute"

  prefix      = local.prefix
  environment = local.environment
  protected   = local.production
  region      = var.render_region
  repository  = var.repository

  services = var.services
  jobs     = var.jobs

  domains = {
    storefront = var.domain
    api        = local.api_domain
  }

  # The services accept requests from Cloudflare only, so the rules of the zone cannot be bypassed.
  allowed_cidrs = {
    for cidr in module.networking.cloudflare_ipv4_cidrs : cidr => "Cloudflare"
  }

  environment_variables = {
    APP_ENV           = local.environment
    LOG_LEVEL         = var.log_level
    SUPABASE_URL      = module.database.api_url
    IMAGES_BUCKET     = module.storage.bucket_names["images"]
    VAULT_ADDR        = var.vault.address
    VAULT_MOUNT       = module.secrets.mount
    VAULT_AWS_BACKEND = module.secrets.aws_backend
  }

  secrets_env_group_id = var.secrets_env_group_id
}

module "database" {
  source = "./modules/database"

  prefix           = local.prefix
  region           = var.region
  site_url         = "https://${var.domain}"
  organization_id  = var.database.organization_id
  instance_size    = var.database.instance_size
  max_rows         = var.database.max_rows
  allowed_cidrs    = concat(var.database.allowed_cidrs, values(var.office_cidrs))
  initial_password = var.database_initial_password

  role_passwords        = module.secrets.database_passwords
  role_password_version = var.database_password_version
}

module "storage" {
  source = "./modules/storage"

  providers = {
    aws        = aws
    aws.backup = aws.backup
  }

  prefix         = local.prefix
  aws_account_id = var.aws_account_id
  vault_role_arn = var.vault.role_arn
  site_origins   = ["https://${var.domain}"]
  lock_mode      = var.backups.lock_mode
  lock_days      = var.backups.lock_days
  expire_days    = var.backups.expire_days
}

module "secrets" {
  source = "./modules/secrets"

  prefix      = local.prefix
  environment = local.environment
  region      = var.region
  consumers   = concat(keys(var.services), keys(var.jobs))

  aws_roles = {
    images  = module.storage.role_arns["images"]
    backups = module.storage.role_arns["backups"]
  }

  database = {
    host             = module.database.host
    password_version = var.database_password_version
  }
}

module "monitoring" {
  source = "./modules/monitoring"

  environment = local.environment
  services    = module.compute.service_names
  prometheus  = var.prometheus

  prometheus_password  = var.prometheus_password
  metrics_stream_token = var.metrics_stream_token

  alert_emails              = var.alert_emails
  pagerduty_integration_key = var.pagerduty_integration_key
  slack_webhook_url         = var.slack_webhook_url
}
