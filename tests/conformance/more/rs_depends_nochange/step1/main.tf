resource "terraform_data" "a" {
  input = 1
}
data "terraform_remote_state" "o" {
  backend = "local"
  config = {
    path = "other.tfstate"
  }
  depends_on = [terraform_data.a]
}
output "v" { value = data.terraform_remote_state.o.outputs.v }
