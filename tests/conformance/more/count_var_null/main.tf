variable "n" { default = null }
resource "terraform_data" "e" { count = var.n }
