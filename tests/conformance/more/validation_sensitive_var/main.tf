variable "s" {
  default = "x"
  sensitive = true
  validation {
    condition = length(var.s) > 3
    error_message = "Too short."
  }
}
