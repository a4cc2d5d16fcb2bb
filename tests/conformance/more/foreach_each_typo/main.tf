resource "terraform_data" "e" {
  for_each = {a=1}
  input = each.val
}
