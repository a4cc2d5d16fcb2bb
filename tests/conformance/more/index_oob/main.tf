variable "v" { default = [1] }
output "a" { value = var.v[3] }
