resource "terraform_data" "a" { input = 4 }
variable "n" {
  type    = number
  default = 1
  validation {
    condition     = var.n > terraform_data.a.output
    error_message = "Must."
  }
}
output "o" { value = var.n }
