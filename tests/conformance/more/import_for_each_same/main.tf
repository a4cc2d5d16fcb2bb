resource "terraform_data" "a" {
  for_each = toset(["x", "y"])
}
import {
  to = terraform_data.a["x"]
  id = each.value
  for_each = toset(["11111111-2222-4333-8444-555555555551", "11111111-2222-4333-8444-555555555552"])
}
