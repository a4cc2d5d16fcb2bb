variable "s" {
  default = "x"
  sensitive = true
}
variable "n" {
  type    = number
  default = 1
  validation {
    condition     = var.n > 2
    error_message = "bad ${var.s}."
  }
}
output "o" { value = var.n }
