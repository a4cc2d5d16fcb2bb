locals {
  m = { x = "11111111-2222-4333-8444-555555555551", y = "11111111-2222-4333-8444-555555555552" }
}
resource "terraform_data" "a" {
  for_each = local.m
}
import {
  to = terraform_data.a[each.key]
  id = each.value
  for_each = local.m
}
