variable "m" { default = {} }
resource "terraform_data" "r" { input = var.m.x }
output "o" {
  value = 1
  depends_on = [terraform_data.r]
}
