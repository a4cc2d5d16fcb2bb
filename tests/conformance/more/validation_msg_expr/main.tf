variable "n" {
  type    = number
  default = 1
  validation {
    condition     = var.n > 2
    error_message = "n=${var.n} is small."
  }
}
output "o" { value = var.n }
