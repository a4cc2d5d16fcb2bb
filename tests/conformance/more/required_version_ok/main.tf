terraform {
  required_version = ">= 1.0, < 2.0"
}
output "a" { value = 1 }
