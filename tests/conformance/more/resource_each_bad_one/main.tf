variable "m" { default = {x = 1, y = "q"} }
resource "terraform_data" "r" {
  for_each = var.m
  input = each.value + 1
}
resource "terraform_data" "s" {}
output "o" { value = terraform_data.r["x"].input }
