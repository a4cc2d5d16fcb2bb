data "terraform_remote_state" "o" {
  backend = "local"
  config = {
    path = "other.tfstate"
  }
  workspace = "dev"
}
output "v" { value = data.terraform_remote_state.o.outputs }
