resource "terraform_data" "b" {
  input = 1
}
moved {
  from = terraform_data.a
  to   = terraform_data.b
}
import {
  to = terraform_data.b
  id = "11111111-2222-4333-8444-555555555555"
}
