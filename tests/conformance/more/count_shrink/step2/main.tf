resource "terraform_data" "e" {
  count = 1
  input = count.index
}
