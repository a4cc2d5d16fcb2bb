variable "l" { type = set(number)
 default = [1] }
resource "terraform_data" "e" { for_each = var.l }
