variable "e" { type = map(number) }
output "e" { value = var.e }
