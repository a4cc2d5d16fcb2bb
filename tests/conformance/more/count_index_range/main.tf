resource "terraform_data" "e" {
  count = 2
  input = 1
}
output "x" { value = terraform_data.e[5].input }
