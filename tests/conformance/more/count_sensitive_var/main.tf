variable "n" {
  default = 1
  sensitive = true
}
resource "terraform_data" "e" { count = var.n }
resource "terraform_data" "f" {}
