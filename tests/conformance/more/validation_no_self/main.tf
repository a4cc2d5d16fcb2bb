variable "m" { default = 5 }
variable "n" {
  type    = number
  default = 1
  validation {
    condition     = var.m > 6
    error_message = "Must."
  }
}
output "o" { value = var.n }
