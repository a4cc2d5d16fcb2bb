variable "l" { default = null }
resource "terraform_data" "e" { for_each = var.l }
