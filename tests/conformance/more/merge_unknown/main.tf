resource "terraform_data" "a" { input = { x = 1 } }
output "a" { value = merge(terraform_data.a.output, { y = 2 }) }
