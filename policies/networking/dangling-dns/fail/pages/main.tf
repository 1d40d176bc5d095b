# What the project is called hangs on a variable of another root.
variable "name" {
  type = string
}

resource "cloudflare_pages_project" "site" {
  account_id        = "023e105f4ecef8ad9ca31a8372d0c353"
  name              = var.name
  production_branch = "main"
}

# Neither of these has a name that anybody could point at.
resource "aws_lb" "unnamed" {
  subnets = ["subnet-0a1b2c3d", "subnet-1a2b3c4d"]
}
