resource "terraform_data" "a" { input = "x" }
check "later" {
  assert {
    condition     = terraform_data.a.id == "nope"
    error_message = "the id is ${terraform_data.a.output}"
  }
}
check "now" {
  assert {
    condition     = terraform_data.a.input == "y"
    error_message = "the input is wrong"
  }
  assert {
    condition     = terraform_data.a.output == "x"
    error_message = "the output is wrong"
  }
}
