resource "terraform_data" "a" {
  input = 1
  lifecycle {
    precondition {
      condition = var.v == 2
      error_message = "no"
    }
  }
}
variable "v" { default = 1 }
import {
  to = terraform_data.a
  id = "11111111-2222-4333-8444-555555555551"
}
