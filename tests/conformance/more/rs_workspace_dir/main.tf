data "terraform_remote_state" "o" {
  backend = "local"
  workspace = "dev"
  config = { workspace_dir = "ws" }
}
output "v" { value = data.terraform_remote_state.o.outputs.v }
