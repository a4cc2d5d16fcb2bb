resource "terraform_data" "a" {
  count = 2
}
import {
  to = terraform_data.a[1]
  id = "11111111-2222-4333-8444-555555555555"
}
