check "c" {
  data "terraform_remote_state" "o" {
    backend = "local"
    config = { path = "other.tfstate" }
  }
  assert {
    condition = data.terraform_remote_state.o.outputs.v == "hello"
    error_message = "no"
  }
}
resource "terraform_data" "a" {
  input = 1
}
