variable "v" { default = null }
output "a" { value = var.v ? 1 : 2 }
