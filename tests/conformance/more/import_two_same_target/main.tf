resource "terraform_data" "a" {
  input = 1
}
import {
  to = terraform_data.a
  id = "11111111-2222-4333-8444-555555555555"
}
import {
  to = terraform_data.a
  id = "11111111-2222-4333-8444-555555555555"
}
