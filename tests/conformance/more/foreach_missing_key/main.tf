resource "terraform_data" "e" {
  for_each = { a = 1 }
  input = each.value
}
output "x" { value = terraform_data.e["b"].input }
