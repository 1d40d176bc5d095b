variable "engine" {
  type = string
}

resource "aws_opensearch_domain" "this" {
  domain_name    = "shop"
  engine_version = var.engine # expect: environment-parity
}
