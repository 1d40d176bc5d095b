# Tried out by a test, and destroyed by it.
module "bucket" {
  source = "../../bucket"
}
