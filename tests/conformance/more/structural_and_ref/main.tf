output "a" { value = local.x }
variable "v" { type = foo }
