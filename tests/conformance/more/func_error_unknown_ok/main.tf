resource "terraform_data" "a" {}
output "a" { value = element([terraform_data.a.id], 0) }
