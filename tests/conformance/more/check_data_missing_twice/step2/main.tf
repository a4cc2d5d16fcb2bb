check "c" {
  data "terraform_remote_state" "o" {
    backend = "local"
    config = { path = "other.tfstate" }
  }
  assert {
    condition = data.terraform_remote_state.o.outputs.v == "bye"
    error_message = "no"
  }
}
resource "terraform_data" "a" {
  input = 1
}
