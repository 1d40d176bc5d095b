variable "prefix" {
  type = string
}

resource "render_web_service" "shop" {
  name           = "${var.prefix}-shop"
  plan           = "standard"
  region         = "frankfurt"
  runtime_source = { image = { image_url = "ghcr.io/livestreamsell/shop", tag = "1.0.0" } }
}

resource "render_static_site" "docs" {
  name          = "Shop Docs"
  repo_url      = "https://github.com/livestreamsell/docs"
  branch        = "main"
  build_command = "make"
  publish_path  = "site"
}

resource "aws_s3_bucket" "site" {
  bucket = "static.shop.example"
}
