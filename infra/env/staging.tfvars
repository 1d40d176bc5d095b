environment    = "staging"
aws_account_id = "111122223333"

domain                = "livestreamsell-staging.example"
cloudflare_account_id = "5f1d0c7ab94e4d0f8d6f2c2f3f1b7a11"

mail = {
  exchanges   = { "mx1.mailhost.example" = 10 }
  spf_include = "spf.mailhost.example"
  reports     = "dmarc@livestreamsell.example"
}

network = {
  cidr               = "10.40.0.0/16"
  availability_zones = ["eu-central-1a", "eu-central-1b"]
}

office_cidrs = {
  "VPN Berlin" = "198.51.100.32/28"
  "VPN Lisbon" = "198.51.100.64/28"
}

render_owner_id      = "tea-cq9v3l5svqrc73f00staging"
secrets_env_group_id = "evg-cq9v3l5svqrc73f0stag"

repository = {
  branch = "staging"
}

services = {
  storefront    = { plan = "starter", min = 1, max = 2 }
  api           = { plan = "starter", min = 1, max = 2 }
  stream-ingest = { plan = "standard", min = 1, max = 2 }
  clip-renderer = { plan = "pro", min = 1, max = 2, cpu_percent = 85 }
  notifications = { plan = "starter", min = 1, max = 1 }
}

jobs = {
  settlement = {
    plan     = "starter"
    schedule = "15 4 * * *"
    command  = "node dist/jobs/settlement.js"
  }
  database-backup = {
    plan     = "starter"
    schedule = "40 3 * * *"
    command  = "./bin/backup-database"
  }
}

log_level = "debug"

database = {
  organization_id = "lsslivestreamsellorg"
  instance_size   = "small"
  allowed_cidrs   = ["203.0.113.96/29"]
}

backups = {
  lock_mode   = "GOVERNANCE"
  lock_days   = 7
  expire_days = 35
}

vault = {
  address  = "https://vault.livestreamsell-staging.example:8200"
  role_arn = "arn:aws:iam::111122223333:role/lss-vault-staging"
}

grafana = {
  url = "https://livestreamsell-staging.grafana.example"
}

prometheus = {
  url      = "https://prometheus.livestreamsell-staging.example/api/prom"
  username = "104917"
}

alert_emails = ["platform@livestreamsell.example"]
