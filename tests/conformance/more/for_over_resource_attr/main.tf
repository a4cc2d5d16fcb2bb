resource "terraform_data" "a" { input = "x" }
output "a" { value = [for x in terraform_data.a.id : x] }
