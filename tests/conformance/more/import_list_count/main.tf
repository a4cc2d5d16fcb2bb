locals {
  ids = ["11111111-2222-4333-8444-555555555551", "11111111-2222-4333-8444-555555555552"]
}
resource "terraform_data" "a" {
  count = 2
}
import {
  for_each = local.ids
  to = terraform_data.a[each.key]
  id = each.value
}
