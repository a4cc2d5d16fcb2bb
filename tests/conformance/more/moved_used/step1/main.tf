resource "terraform_data" "a" {
  input = 1
}
resource "terraform_data" "u" {
  input = terraform_data.a.id
}
output "o" { value = terraform_data.a.id }
