resource "terraform_data" "a" {}
resource "terraform_data" "e" {
  for_each = { x = terraform_data.a.id }
  input = each.value
}
