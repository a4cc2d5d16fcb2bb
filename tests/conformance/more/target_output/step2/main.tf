resource "terraform_data" "a" {
  input = 2
}
resource "terraform_data" "b" {
  input = terraform_data.a.id
}
resource "terraform_data" "z" {
  input = 2
}
output "o" { value = terraform_data.b.id }
output "z" { value = terraform_data.z.id }
output "k" { value = 5 }
