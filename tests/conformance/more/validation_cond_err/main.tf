variable "n" {
  type    = number
  default = 1
  validation {
    condition     = var.n.foo
    error_message = "Bad."
  }
}
output "o" { value = var.n }
