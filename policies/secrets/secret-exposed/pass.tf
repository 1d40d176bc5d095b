variable "deploy_token" {
  type      = string
  sensitive = true
}

variable "webhook_url" {
  type      = string
  sensitive = true
}

# Marked as sensitive, but made for browsers.
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

# The location of a secret, its length, its digest and its public key are not secret.
resource "aws_secretsmanager_secret" "session" {
  name        = "shop/${var.secret_name}"
  description = "The session key, ${length(random_password.session.result)} characters"
  tags        = { version = sha256(random_password.session.result), public = tls_private_key.deploy.public_key_openssh }
}

# A command gets a secret from its environment.
resource "terraform_data" "deploy" {
  provisioner "local-exec" {
    command     = "deploy --token-from-environment"
    environment = { DEPLOY_TOKEN = var.deploy_token }
  }
}

# A DNS verification record is public by design.
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

# The whole URL is the secret, and this argument calls it.
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

# A comparison with a secret does not reveal it.
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

# The name of a secret, not its value.
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
