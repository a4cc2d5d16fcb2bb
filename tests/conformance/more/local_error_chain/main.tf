variable "v" { default = {} }
locals {
  a = var.v.nope
  b = local.a
}
output "b" { value = local.b }
output "c" { value = 1 }
resource "terraform_data" "d" { input = local.b }
resource "terraform_data" "e" {}
