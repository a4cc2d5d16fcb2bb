module "m" {
  source = "./m"
  for_each = toset(["x", "y"])
}
import {
  for_each = { x = "11111111-2222-4333-8444-555555555551" }
  to = module.m[each.key].terraform_data.a
  id = each.value
}
