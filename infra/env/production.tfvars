environment    = "production"
aws_account_id = "111122223333"

domain                = "livestreamsell.example"
legacy_domains        = ["liveshopstream.example", "streamsell-ai.example"]
cloudflare_account_id = "5f1d0c7ab94e4d0f8d6f2c2f3f1b7a11"

mail = {
  exchanges = {
    "mx1.mailhost.example" = 10
    "mx2.mailhost.example" = 20
  }
  spf_include = "spf.mailhost.example"
  reports     = "dmarc@livestreamsell.example"
}

network = {
  cidr               = "10.20.0.0/16"
  availability_zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  nat_per_zone       = true
}

office_cidrs = {
  "VPN Berlin" = "198.51.100.32/28"
  "VPN Lisbon" = "198.51.100.64/28"
}

render_owner_id      = "tea-cq9v3l5svqrc73f0production"
secrets_env_group_id = "evg-cq9v3l5svqrc73f0prod"

repository = {
  branch = "main"
}

services = {
  storefront = {
    plan = "pro"
    min  = 3
    max  = 12
  }
  api = {
    plan        = "pro"
    min         = 3
    max         = 16
    cpu_percent = 60
  }
  stream-ingest = {
    plan        = "pro_plus"
    min         = 2
    max         = 10
    cpu_percent = 55
  }
  clip-renderer = {
    plan           = "pro_ultra"
    min            = 2
    max            = 8
    cpu_percent    = 85
    memory_percent = 85
  }
  notifications = {
    plan = "standard"
    min  = 2
    max  = 4
  }
}

jobs = {
  settlement = {
    plan     = "standard"
    schedule = "15 2 * * *"
    command  = "node dist/jobs/settlement.js"
  }
  database-backup = {
    plan     = "standard"
    schedule = "40 1,13 * * *"
    command  = "./bin/backup-database"
  }
}

database = {
  organization_id = "lsslivestreamsellorg"
  instance_size   = "xlarge"
  allowed_cidrs   = ["203.0.113.16/29", "203.0.113.64/29"]
}

backups = {
  lock_mode   = "COMPLIANCE"
  lock_days   = 35
  expire_days = 400
}

vault = {
  address  = "https://vault.livestreamsell.example:8200"
  role_arn = "arn:aws:iam::111122223333:role/lss-vault"
}

grafana = {
  url = "https://livestreamsell.grafana.example"
}

prometheus = {
  url      = "https://prometheus.livestreamsell.example/api/prom"
  username = "104882"
  otlp_url = "https://otlp.livestreamsell.example/v1/metrics"
}

alert_emails = ["platform@livestreamsell.example"]
