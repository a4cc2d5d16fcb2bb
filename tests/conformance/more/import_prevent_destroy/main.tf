resource "terraform_data" "a" {
  triggers_replace = 1
  lifecycle {
    prevent_destroy = true
  }
}
import {
  to = terraform_data.a
  id = "11111111-2222-4333-8444-555555555555"
}
