variable "m" { default = 5 }
variable "n" {
  type    = number
  default = 1
  validation {
    condition     = var.n > var.m
    error_message = "Must be > ${var.m}."
  }
}
output "o" { value = var.n }
