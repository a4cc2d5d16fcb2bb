variable "v" { default = true }
output "a" { value = var.v ? { a = 1 } : [1] }
