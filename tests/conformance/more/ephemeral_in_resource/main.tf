variable "e" {
  default = 1
  ephemeral = true
}
resource "terraform_data" "a" { input = var.e }
