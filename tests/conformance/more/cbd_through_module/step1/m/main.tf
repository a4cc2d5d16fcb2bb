resource "terraform_data" "a" {
  triggers_replace = 1
}
output "o" { value = terraform_data.a.id }
