variable "v" {
  type = object({a = number})
}
output "a" { value = var.v.b }
