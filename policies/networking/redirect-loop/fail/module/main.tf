# Two zones of one module, each redirected to the other.
module "old" {
  source = "./zone"
  name   = "old.example"
  target = "new.example"
}

module "new" {
  source = "./zone"
  name   = "new.example"
  target = "old.example"
}
