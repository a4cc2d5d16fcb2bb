variable "v" { default = "s" }
output "a" { value = var.v.foo }
