variable "s" { default = "x" }
resource "terraform_data" "a" { input = var.s }
