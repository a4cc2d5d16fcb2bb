variable "v" { default = null }
output "a" { value = var.v[3] }
