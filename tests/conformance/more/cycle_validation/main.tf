variable "a" {
  default = 1
  validation {
    condition = var.a != local.x
    error_message = "x"
  }
}
locals { x = var.a }
