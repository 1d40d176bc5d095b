variable "deploy_token" {
  type      = string
  sensitive = true
}

# Named like a secret but not marked.
variable "mail_password" {
  type = string
}

resource "random_password" "session" {
  length = 32
}

resource "tls_private_key" "deploy" {
  algorithm = "ED25519"
}

data "vault_kv_secret_v2" "shop" {
  mount = "kv"
  name  = "shop"
}

ephemeral "vault_kv_secret_v2" "shop" {
  mount = "kv"
  name  = "shop"
}

locals {
  tags = { owner = "platform" }
  boot = "export TOKEN=${nonsensitive(var.deploy_token)}"
}

resource "aws_sqs_queue" "orders" {
  name = "orders-${var.deploy_token}" # expect: secret-exposed

  tags = {
    owner   = "platform"
    session = random_password.session.result # expect: secret-exposed
  }
}

# A secret from another map is reported at the attribute.
resource "aws_sqs_queue" "mails" {
  name = "mails"
  tags = merge(local.tags, { password = var.mail_password }) # expect: secret-exposed
}

resource "aws_security_group" "shop" {
  name        = "shop"
  description = "Opened with ${data.vault_kv_secret_v2.shop.data["token"]}" # expect: secret-exposed
}

resource "cloudflare_dns_record" "note" {
  zone_id = "0123456789abcdef0123456789abcdef"
  name    = "note.shop.invalid"
  type    = "TXT"
  ttl     = 300
  content = "token=${var.deploy_token}" # expect: secret-exposed
}

resource "aws_instance" "runner" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t4g.small"
  user_data     = base64encode("#!/bin/sh\n${local.boot}\n") # expect: secret-exposed

  provisioner "local-exec" {
    command = "deploy --key '${tls_private_key.deploy.private_key_openssh}'" # expect: secret-exposed
  }

  provisioner "remote-exec" {
    inline = [ # expect: secret-exposed
      "systemctl restart runner",
      "runner login ${ephemeral.vault_kv_secret_v2.shop.data["runner"]}",
    ]
  }
}

resource "render_static_site" "shop" {
  name          = "shop"
  repo_url      = "https://github.com/livestreamsell/shop"
  branch        = "main"
  build_command = "pnpm build"
  env_vars = {
    API_URL   = { value = "https://api.shop.invalid" }
    API_TOKEN = { value = var.deploy_token } # expect: secret-exposed
  }
}

resource "render_web_service" "shop" {
  name   = "shop"
  plan   = "standard"
  region = "frankfurt"
  env_vars = {
    API_TOKEN             = { value = var.deploy_token }
    NEXT_PUBLIC_API_TOKEN = { value = var.deploy_token } # expect: secret-exposed
  }
}

resource "local_file" "credentials" {
  filename = "credentials"
  content  = "password: ${random_password.session.result}" # expect: secret-exposed
}

resource "github_repository_file" "key" {
  repository = "shop"
  file       = "deploy.pem"
  content    = tls_private_key.deploy.private_key_pem # expect: secret-exposed
}

# A trigger must change with the secret; a hash does.
resource "null_resource" "login" {
  triggers = {
    token = var.deploy_token # expect: secret-exposed
  }
}

resource "terraform_data" "login" {
  triggers_replace = [random_password.session.result] # expect: secret-exposed
}

resource "grafana_dashboard" "shop" {
  config_json = jsonencode({ # expect: secret-exposed
    title  = "Shop"
    panels = [{ type = "text", options = { content = "curl -H 'X-Token: ${var.deploy_token}'" } }]
  })
}

resource "grafana_contact_point" "hook" {
  name = "hook"

  webhook {
    url = "https://hooks.shop.invalid/alerts?token=${var.deploy_token}" # expect: secret-exposed
  }
}

# A literal is two defects: it is written there and exposed here.
locals {
  license_key = "Tannenhaeher-77-Wiese"
}

resource "aws_sqs_queue" "licensed" {
  name = "licensed"
  tags = { license = local.license_key } # expect: secret-exposed
}

data "external" "token" {
  program = ["sh", "-c", "exchange ${var.deploy_token}"] # expect: secret-exposed
}

# Printed when the condition fails, because `nonsensitive` removes the mark.
resource "terraform_data" "checked" {
  lifecycle {
    precondition {
      condition     = length(var.deploy_token) > 20
      error_message = "The token ${nonsensitive(var.deploy_token)} is too short." # expect: secret-exposed
    }
    precondition {
      condition     = length(var.deploy_token) > 10
      error_message = "The token ${var.deploy_token} is too short."
    }
  }
}

resource "aws_ssm_parameter" "plain" {
  name  = "/shop/token"
  type  = "String"
  value = var.deploy_token # expect: secret-exposed
}

resource "google_compute_instance" "worker" {
  name         = "worker"
  machine_type = "e2-small"
  metadata = {
    startup-script = "export TOKEN=${var.deploy_token}" # expect: secret-exposed
  }
}

resource "kubernetes_deployment" "worker" {
  metadata {
    name = "worker"
  }
  spec {
    template {
      spec {
        container {
          name = "worker"
          args = ["--token", var.deploy_token] # expect: secret-exposed
        }
      }
    }
  }
}
