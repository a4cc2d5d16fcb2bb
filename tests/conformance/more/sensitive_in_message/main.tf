variable "s" {
  default = "abc"
  sensitive = true
}
resource "terraform_data" "a" { input = var.s }
output "o" {
  value = terraform_data.a.input
  sensitive = true
}
