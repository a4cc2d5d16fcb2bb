variable "v" { default = { a = 1 } }
output "o" { value = [try(var.v.b, "d"), can(var.v.a), can(var.v.b)] }
