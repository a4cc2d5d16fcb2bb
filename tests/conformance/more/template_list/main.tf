variable "v" { default = [1] }
output "a" { value = "x${var.v}" }
