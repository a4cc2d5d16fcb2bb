variable "n" {
  type    = number
  default = 1
  validation {
    condition     = var.n
    error_message = "Bad."
  }
}
output "o" { value = var.n }
