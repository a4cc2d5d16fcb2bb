resource "terraform_data" "e" { for_each = { a = 1 } }
output "x" { value = terraform_data.e.id }
