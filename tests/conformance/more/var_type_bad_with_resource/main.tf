variable "n" { type = number }
resource "terraform_data" "a" { input = var.n }
resource "terraform_data" "b" { input = 1 }
output "o" { value = 1 }
output "p" { value = var.n }
