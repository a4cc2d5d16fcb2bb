resource "terraform_data" "a" { input = 1 }
resource "terraform_data" "b" { input = { x = terraform_data.a.id, y = [terraform_data.a.output, 2] } }
output "b" { value = terraform_data.b.input }
