variable "n" {
  type    = number
  default = 1
  validation {
    condition     = var.n > 2
    error_message = null
  }
}
output "o" { value = var.n }
