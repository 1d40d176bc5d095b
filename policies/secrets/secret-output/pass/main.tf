variable "deploy_token" {
  type      = string
  sensitive = true
}

variable "secret_name" {
  type = string
}

variable "is_sensitive" {
  type    = bool
  default = true
}

resource "random_password" "session" {
  length = 32
}

resource "tls_private_key" "deploy" {
  algorithm = "ED25519"
}

module "database" {
  source = "./modules/database"
}

output "token" {
  value     = var.deploy_token
  sensitive = true
}

output "session" {
  value     = random_password.session.result
  sensitive = var.is_sensitive
}

output "secret_name" {
  value = "kv/data/${var.secret_name}"
}

# Values that do not reveal the secret.
output "public_key" {
  value = tls_private_key.deploy.public_key_openssh
}

output "length" {
  value = nonsensitive(length(random_password.session.result))
}

output "version" {
  value = nonsensitive(sha256(var.deploy_token))
}

output "is_set" {
  value = nonsensitive(var.deploy_token != "")
}

output "host" {
  value = module.database.host
}

output "token_url" {
  value = "https://login.shop.invalid/oauth/token"
}

output "token_endpoint" {
  value = ""
}

# A store also has the names of its secrets.
data "kubernetes_secret" "storage" {
  metadata {
    name = "azure-storage"
  }
}

output "account" {
  value = data.kubernetes_secret.storage.data.azurestorageaccountname
}
