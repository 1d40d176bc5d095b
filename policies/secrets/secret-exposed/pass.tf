variable "deploy_token" {
  type      = string
  sensitive = true
}

variable "webhook_url" {
  type      = string
  sensitive = true
}

# Marked with more care than it needs: it is made for browsers.
variable "stripe_key" {
  type      = string
  sensitive = true
}

variable "secret_name" {
  type = string
}

resource "random_password" "session" {
  length = 32
}

resource "tls_private_key" "deploy" {
  algorithm = "ED25519"
}

data "supabase_apikeys" "shop" {
  project_ref = "abcdefghijklmnopqrst"
}

# The place of a secret, its length, its digest and its public half are there to be seen.
resource "aws_secretsmanager_secret" "session" {
  name        = "shop/${var.secret_name}"
  description = "The session key, ${length(random_password.session.result)} characters"
  tags        = { version = sha256(random_password.session.result), public = tls_private_key.deploy.public_key_openssh }
}

# To a command a secret goes by the environment.
resource "terraform_data" "deploy" {
  provisioner "local-exec" {
    command     = "deploy --token-from-environment"
    environment = { DEPLOY_TOKEN = var.deploy_token }
  }
}

# A proof of ownership stands in the DNS because everybody shall read it.
resource "aws_route53_record" "proof" {
  zone_id = "Z0123456789ABCDEFGHIJ"
  name    = "_amazonses.shop.invalid"
  type    = "TXT"
  ttl     = 600
  records = [aws_ses_domain_identity.shop.verification_token]
}

resource "aws_ses_domain_identity" "shop" {
  domain = "shop.invalid"
}

resource "render_static_site" "shop" {
  name          = "shop"
  repo_url      = "https://github.com/livestreamsell/shop"
  branch        = "main"
  build_command = "pnpm build"
  env_vars = {
    SUPABASE_URL      = { value = "https://abcdefghijklmnopqrst.supabase.co" }
    SUPABASE_ANON_KEY = { value = data.supabase_apikeys.shop.anon_key }
    STRIPE_PUBLIC_KEY = { value = var.stripe_key }
  }
}

resource "render_web_service" "shop" {
  name   = "shop"
  plan   = "standard"
  region = "frankfurt"
  env_vars = {
    API_TOKEN                     = { value = var.deploy_token }
    NEXT_PUBLIC_SUPABASE_ANON_KEY = { value = data.supabase_apikeys.shop.anon_key }
    VITE_STRIPE_PUBLISHABLE_KEY   = { value = var.stripe_key }
  }
}

# The whole address is the secret, and this is where it is called.
resource "grafana_contact_point" "chat" {
  name = "chat"

  slack {
    url   = var.webhook_url
    title = "Shop"
  }

  webhook {
    url                       = "https://hooks.shop.invalid/alerts"
    authorization_credentials = var.deploy_token
  }
}

# One arm of a condition is not taken anywhere near a secret.
resource "aws_sqs_queue" "orders" {
  name = var.deploy_token == "" ? "orders" : "orders-live"
  tags = { owner = "platform" }
}

resource "local_sensitive_file" "key" {
  filename = "deploy.pem"
  content  = tls_private_key.deploy.private_key_openssh
}

data "external" "quiet" {
  program = ["sh", "exchange.sh"]
  query   = { token = var.deploy_token }
}

# Which secret is pulled with, not what is in it.
variable "image_pull_secrets" {
  type = list(string)
}

resource "kubernetes_service_account" "app" {
  dynamic "image_pull_secret" {
    for_each = var.image_pull_secrets
    content {
      name = image_pull_secret.value
    }
  }
}

resource "github_repository_file" "key" {
  repository = "shop"
  file       = "deploy.pub"
  content    = tls_private_key.deploy.public_key_openssh
}

resource "null_resource" "login" {
  triggers = { token = sha256(var.deploy_token) }
}

resource "terraform_data" "login" {
  triggers_replace = [nonsensitive(sha256(var.deploy_token))]
}
