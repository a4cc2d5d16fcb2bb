data "terraform_remote_state" "o" {
  backend = "local"
  config = {
    path = "other.tfstate"
  }
}
output "b" { value = data.terraform_remote_state.o.backend }
output "w" { value = data.terraform_remote_state.o.workspace }
output "c" { value = data.terraform_remote_state.o.config }
output "d" { value = data.terraform_remote_state.o.defaults }
