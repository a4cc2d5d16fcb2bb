data "terraform_remote_state" "o" {
  backend = "local"
  config = {
    path = "other.tfstate"
  }
  count = 2
}
output "v" { value = data.terraform_remote_state.o[*].outputs.v }
