variable "n" {
  type = string
  nullable = false
  default = "d"
}
output "o" { value = var.n }
