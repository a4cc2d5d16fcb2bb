locals { m = 4 }
variable "n" {
  type    = number
  default = 1
  validation {
    condition     = var.n > local.m
    error_message = "Must."
  }
}
output "o" { value = var.n }
