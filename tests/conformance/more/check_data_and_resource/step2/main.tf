resource "terraform_data" "a" {
  input = 1
}
check "c" {
  assert {
    condition = terraform_data.a.id == "x"
    error_message = "no"
  }
}
