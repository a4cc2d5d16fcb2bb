data "terraform_remote_state" "o" {
  backend = "local"
  config = {
    path = "other.tfstate"
  }
}
resource "terraform_data" "a" {
  for_each = toset(data.terraform_remote_state.o.outputs.l)
}
