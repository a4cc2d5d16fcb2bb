variable "n" {
  type    = number
  default = 1
  validation {
    condition     = null
    error_message = "Bad."
  }
}
output "o" { value = var.n }
