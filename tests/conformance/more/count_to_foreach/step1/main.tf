resource "terraform_data" "e" {
  count = 2
}
