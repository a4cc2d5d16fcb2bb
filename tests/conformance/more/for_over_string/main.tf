variable "v" { default = "s" }
output "a" { value = [for x in var.v : x] }
