variable "n" { type = object({ a = string, b = number }) }
output "n" { value = var.n }
