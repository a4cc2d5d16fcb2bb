variable "s" {
  default = "x"
  sensitive = true
}
output "o" { value = nonsensitive(var.s) }
output "p" { value = nonsensitive("x") }
