module "shop" {
  source   = "./service"
  for_each = { storefront = 2, api = 0 }

  min = each.value
}
