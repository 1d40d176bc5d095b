# Only the ports that the settings list as public.
module "edge" {
  source = "./edge"
  count  = 1
}

module "none" {
  source = "./edge"
  count  = 0
  last   = 9000
}
