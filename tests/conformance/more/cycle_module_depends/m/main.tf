resource "terraform_data" "x" {}
output "o" { value = 1 }
