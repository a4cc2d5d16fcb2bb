resource "terraform_data" "a" {
  for_each = toset(["x"])
}
import {
  to = terraform_data.a[each.key]
  id = each.value
  for_each = sensitive(toset(["x"]))
}
