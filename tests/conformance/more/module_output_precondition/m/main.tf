variable "z" { default = 1 }
output "s" {
  value = "a"
  precondition {
    condition = var.z > 3
    error_message = "Small."
  }
}
