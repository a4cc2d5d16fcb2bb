resource "terraform_data" "a" {
  input = 2
}
check "c" {
  assert {
    condition = terraform_data.a.output == 1
    error_message = "no"
  }
}
