variable "n" {}
resource "terraform_data" "r" {}
output "o" { value = var.n }
