variable "n" {
  type    = number
  default = 1
  validation {
    condition     = "true"
    error_message = "Bad."
  }
}
output "o" { value = var.n }
