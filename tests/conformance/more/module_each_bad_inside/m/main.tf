variable "n" { type = number }
resource "terraform_data" "r" { input = var.n }
resource "terraform_data" "s" {}
