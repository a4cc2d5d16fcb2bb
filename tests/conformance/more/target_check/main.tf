resource "terraform_data" "a" {
  input = 1
}
resource "terraform_data" "b" {
  input = 1
}
check "c" {
  assert {
    condition = terraform_data.b.input == 2
    error_message = "no"
  }
}
