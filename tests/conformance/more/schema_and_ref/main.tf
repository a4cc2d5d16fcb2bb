resource "terraform_data" "a" {
  nope = 1
  input = local.z
}
output "x" { value = var.q }
