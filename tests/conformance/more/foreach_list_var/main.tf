variable "l" { default = ["a"] }
resource "terraform_data" "e" { for_each = var.l }
