variable "e" {}
output "e" { value = var.e }
