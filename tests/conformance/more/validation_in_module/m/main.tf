variable "n" {
  type    = number
  default = 9
  validation {
    condition     = var.n > 2
    error_message = "Must be > 2."
  }
}
output "o" { value = var.n }
