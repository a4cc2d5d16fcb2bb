variable "v" { default = "x" }
output "a" { value = var.v == "x" ? 1 : "a" }
output "b" { value = var.v ? 1 : 2 }
