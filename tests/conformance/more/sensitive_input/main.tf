variable "s" {
  default = "pw"
  sensitive = true
}
resource "terraform_data" "a" { input = { x = var.s } }
output "k" { value = keys(terraform_data.a.input) }
output "s" {
 value = terraform_data.a.output
 sensitive = true
}
