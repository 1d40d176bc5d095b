resource "supabase_project" "shop" {
  organization_id   = "livestreamsell"
  name              = "shop"
  region            = "eu-central-1"
  database_password = var.database_password
}

resource "supabase_settings" "shop" { # expect: database-network-open
  project_ref = supabase_project.shop.id
}

resource "supabase_project" "reporting" { # expect: database-network-open
  organization_id   = "livestreamsell"
  name              = "reporting"
  region            = "eu-central-1"
  database_password = var.database_password
}

resource "supabase_project" "chat" {
  organization_id   = "livestreamsell"
  name              = "chat"
  region            = "eu-central-1"
  database_password = var.database_password
}

resource "supabase_settings" "chat" {
  project_ref = supabase_project.chat.id

  network = jsonencode({
    restrictions = [
      "203.0.113.0/24",
      "0.0.0.0/0",  # expect: database-network-open
      "::/0",       # expect: database-network-open
      "20.0.0.0/7", # expect: database-network-open
      "20.0.0.1/7", # expect: database-network-open
      var.office,   # expect-possible: database-network-open
    ]
  })
}

variable "office" {
  type = string
}

resource "render_postgres" "open" {
  name          = "shop"
  plan          = "pro_4gb"
  region        = "frankfurt"
  version       = "17"
  ip_allow_list = [{ cidr_block = "0.0.0.0/0", description = "everybody" }] # expect: database-network-open
}

resource "aws_db_instance" "open" {
  instance_class      = "db.t4g.medium"
  publicly_accessible = true # expect: database-network-open
}

variable "database_password" {
  type      = string
  sensitive = true
}
