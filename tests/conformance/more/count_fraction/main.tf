variable "n" { default = 1.5 }
resource "terraform_data" "e" { count = var.n }
