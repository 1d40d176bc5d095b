module "store" {
  source = "./bucket"
  for_each = {
    music = "Enabled"
    video = "Disabled"
  }

  name   = each.key
  status = each.value
}
