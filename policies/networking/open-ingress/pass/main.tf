# All ports that the settings open, and no other.
module "edge" {
  source = "./edge"
  count  = 1
}

module "none" {
  source = "./edge"
  count  = 0
  last   = 9000
}
