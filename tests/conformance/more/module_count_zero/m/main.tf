variable "n" {}
resource "terraform_data" "r" { input = var.n }
output "n" { value = terraform_data.r.input }
