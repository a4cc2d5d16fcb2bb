resource "terraform_data" "e" { count = "2" }
output "x" { value = length(terraform_data.e) }
