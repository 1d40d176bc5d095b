variable "database_password" {
  type      = string
  sensitive = true
  default   = "postgres" # expect: secret-default
}

variable "api_token" {
  type    = string
  default = "tk-Vn58Fq2Xb7Lw" # expect: secret-default
}

variable "mail" {
  type = object({ host = string, password = string })
  default = {
    host     = "smtp.shop.invalid"
    password = "Apfelwickler-6" # expect: secret-default
  }
}

# Neither named nor marked like a secret, but its sink is one.
variable "pepper" {
  type    = string
  default = "5e0c94b7a1f2d8366b19e4c7f05a2d83" # expect: secret-default
}

resource "render_web_service" "shop" {
  name     = "shop"
  plan     = "standard"
  region   = "frankfurt"
  env_vars = { PEPPER = { value = var.pepper } }
}
