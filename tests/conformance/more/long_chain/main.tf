locals {
  a = 1
  b = local.a + 1
  c = local.b + 1
}
output "c" { value = local.c }
