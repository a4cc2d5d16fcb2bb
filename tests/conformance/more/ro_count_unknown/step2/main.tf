resource "terraform_data" "a" {
  input = 1
}
resource "terraform_data" "n" {
  input = 1
}
resource "terraform_data" "b" {
  count = length(terraform_data.n.id)
}
