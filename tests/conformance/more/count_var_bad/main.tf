variable "n" { default = -1 }
resource "terraform_data" "e" { count = var.n }
resource "terraform_data" "f" { input = terraform_data.e[*].id }
resource "terraform_data" "g" {}
