variable "s" {
  default = true
  sensitive = true
}
output "o" { value = var.s ? "a" : "b" }
