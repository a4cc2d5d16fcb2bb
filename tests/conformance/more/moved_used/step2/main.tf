resource "terraform_data" "b" {
  input = 1
}
resource "terraform_data" "u" {
  input = terraform_data.b.id
}
output "o" { value = terraform_data.b.id }
moved {
  from = terraform_data.a
  to   = terraform_data.b
}
