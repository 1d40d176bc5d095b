module "backups" {
  source = "./store"
  days   = 3
}

module "images" {
  source = "./store"
  days   = 3
}
