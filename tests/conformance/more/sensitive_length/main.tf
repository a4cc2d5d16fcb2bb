variable "s" {
  default = ["x"]
  sensitive = true
}
output "o" { value = nonsensitive(length(var.s)) }
