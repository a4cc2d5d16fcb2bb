data "terraform_remote_state" "o" {
  backend = "local"
  config = {
    path = "other.tfstate"
  }
}
output "v" { value = data.terraform_remote_state.o.outputs.v }
