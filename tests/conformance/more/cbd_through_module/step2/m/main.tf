resource "terraform_data" "a" {
  triggers_replace = 2
}
output "o" { value = terraform_data.a.id }
