resource "terraform_data" "a" {
  for_each = toset(["x", "y"])
}
import {
  to = terraform_data.a[each.key]
  id = "11111111-2222-4333-8444-${each.value}"
  for_each = toset(["x", "y"])
}
