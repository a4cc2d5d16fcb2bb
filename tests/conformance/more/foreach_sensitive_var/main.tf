variable "m" {
  default = {a=1}
  sensitive = true
}
resource "terraform_data" "e" { for_each = var.m }
