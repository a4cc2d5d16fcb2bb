locals {
  a = 1 + "x"
}
output "a" { value = local.a }
