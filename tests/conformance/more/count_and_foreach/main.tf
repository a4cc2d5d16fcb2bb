resource "terraform_data" "e" {
  count = 1
  for_each = {}
}
