resource "terraform_data" "a" {
  count = 2
  input = "v${count.index}"
}
output "o" { value = terraform_data.a[*].input }
output "ids" { value = length(terraform_data.a[*].id) }
