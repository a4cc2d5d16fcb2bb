data "terraform_remote_state" "o" {
  backend = "local"
  config = {
    path = "none.tfstate"
  }
  defaults = {
    v = "no"
  }
}
output "v" { value = data.terraform_remote_state.o.outputs.v }
