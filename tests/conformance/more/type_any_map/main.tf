variable "m" {
  type = map(any)
  default = { a = 1, b = "x" }
}
output "m" { value = var.m }
