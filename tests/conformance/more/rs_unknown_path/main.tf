resource "terraform_data" "a" {
  input = 1
}
data "terraform_remote_state" "o" {
  backend = "local"
  config = {
    path = terraform_data.a.id
  }
  defaults = { v = 1 }
}
output "v" { value = data.terraform_remote_state.o.outputs.v }
