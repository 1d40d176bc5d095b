module "vault" {
  source = "./inner"
  port   = 8200
  ranges = { office = "198.51.100.0/24", world = "0.0.0.0/0" }
}

module "shop" {
  source = "./inner"
  port   = 443
  ranges = { world = "0.0.0.0/0" }
}
