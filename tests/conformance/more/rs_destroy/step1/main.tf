data "terraform_remote_state" "o" {
  backend = "local"
  config = {
    path = "other.tfstate"
  }
}
resource "terraform_data" "a" {
  input = data.terraform_remote_state.o.outputs.v
}
