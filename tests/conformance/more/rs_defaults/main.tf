data "terraform_remote_state" "o" {
  backend = "local"
  config = {
    path = "other.tfstate"
  }
  defaults = {
    v = "no"
    w = "default"
  }
}
output "v" { value = [data.terraform_remote_state.o.outputs.v, data.terraform_remote_state.o.outputs.w] }
