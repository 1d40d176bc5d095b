variable "deploy_token" {
  type      = string
  sensitive = true
}

# Named like a secret but not marked, so Terraform prints it.
variable "mail_password" {
  type = string
}

resource "random_password" "session" {
  length = 32
}

resource "random_password" "each" {
  for_each = toset(["api", "worker"])
  length   = 32
}

resource "vault_kv_secret_v2" "shop" {
  mount        = "kv"
  name         = "shop"
  data_json_wo = "{}"
}

data "aws_ssm_parameter" "api_key" {
  name = "/shop/api-key"
}

module "database" {
  source = "./modules/database"
}

output "token" {
  value = var.deploy_token # expect: secret-output
}

# The mark is removed, but the value is still a secret.
output "uncovered" {
  description = "For the pipeline."
  value       = nonsensitive(var.deploy_token) # expect: secret-output
}

output "mail" {
  value = "smtp://shop:${var.mail_password}@mail.shop.invalid" # expect: secret-output
}

output "session" {
  value     = random_password.session.result # expect: secret-output
  sensitive = false
}

output "all" {
  value = { for name, password in random_password.each : name => nonsensitive(password.result) } # expect: secret-output
}

output "api_key" {
  value = base64encode(data.aws_ssm_parameter.api_key.value) # expect: secret-output
}

output "database" {
  value = module.database.connection # expect: secret-output
}

output "document" {
  value = jsonencode({ user = "shop", password = var.mail_password }) # expect: secret-output
}

locals {
  license_key = "Tannenhaeher-77-Wiese"
}

output "license" {
  value = local.license_key # expect: secret-output
}

output "declared" {
  value = sensitive("nothing special") # expect: secret-output
}

data "kubernetes_secret" "storage" {
  metadata {
    name = "azure-storage"
  }
}

output "account" {
  value = data.kubernetes_secret.storage.data.azurestorageaccountkey # expect: secret-output
}
