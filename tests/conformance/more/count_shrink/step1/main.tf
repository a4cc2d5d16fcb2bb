resource "terraform_data" "e" {
  count = 3
  input = count.index
}
