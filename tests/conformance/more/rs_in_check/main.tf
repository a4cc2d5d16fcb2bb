check "c" {
  data "terraform_remote_state" "o" {
    backend = "local"
    config = { path = "none.tfstate" }
  }
  assert {
    condition = data.terraform_remote_state.o.outputs.v == 1
    error_message = "no"
  }
}
resource "terraform_data" "a" {
  input = 1
}
