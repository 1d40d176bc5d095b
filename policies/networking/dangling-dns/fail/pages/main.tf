# A variable of another root decides the name of the project.
variable "name" {
  type = string
}

resource "cloudflare_pages_project" "site" {
  account_id        = "023e105f4ecef8ad9ca31a8372d0c353"
  name              = var.name
  production_branch = "main"
}

# Neither of these has a host name.
resource "aws_lb" "unnamed" {
  subnets = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
}
