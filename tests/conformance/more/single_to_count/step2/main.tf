resource "terraform_data" "e" {
  count = 2
  input = 1
}
