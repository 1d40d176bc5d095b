resource "supabase_project" "shop" {
  organization_id   = "livestreamsell"
  name              = "shop"
  region            = "eu-central-1"
  database_password = var.database_password
}

resource "supabase_settings" "shop" {
  project_ref = supabase_project.shop.id
  network     = jsonencode({ restrictions = ["203.0.113.0/24", "2001:db8::/32", "20.0.0.0/8", "office"] })
}

# No address may connect.
resource "supabase_settings" "closed" {
  project_ref = var.project_ref
  network     = jsonencode({ restrictions = [] })
}

resource "render_postgres" "private" {
  name    = "shop"
  plan    = "pro_4gb"
  region  = "frankfurt"
  version = "17"
}

resource "render_keyvalue" "office" {
  name              = "cache"
  plan              = "standard"
  region            = "frankfurt"
  max_memory_policy = "allkeys_lru"
  ip_allow_list     = [{ cidr_block = "203.0.113.0/24", description = "office" }]
}

resource "aws_db_instance" "private" {
  instance_class = "db.t4g.medium"
}

variable "project_ref" {
  type = string
}

variable "database_password" {
  type      = string
  sensitive = true
}
