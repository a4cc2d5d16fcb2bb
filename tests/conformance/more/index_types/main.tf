variable "m" { default = { a = 1 } }
output "a" { value = var.m["zz"] }
output "b" { value = var.m[0] }
output "c" { value = var.m.a.b }
