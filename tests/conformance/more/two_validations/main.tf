variable "n" {
  default = 1
  validation {
    condition = var.n > 2
    error_message = "A."
  }
  validation {
    condition = var.n > 3
    error_message = "B."
  }
}
