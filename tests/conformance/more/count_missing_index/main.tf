resource "terraform_data" "e" { count = 2 }
output "x" { value = terraform_data.e.id }
