data "terraform_remote_state" "o" {
  backend = "local"
  workspace = "dev"
}
output "v" { value = data.terraform_remote_state.o.outputs.v }
