variable "n" {
  type = string
  nullable = false
}
output "o" { value = var.n }
