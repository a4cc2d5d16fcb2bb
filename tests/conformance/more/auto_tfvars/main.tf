variable "a" {}
variable "b" {}
variable "c" {}
variable "d" { default = "d0" }
output "o" { value = [var.a, var.b, var.c, var.d] }
