data "terraform_remote_state" "o" {
  backend = "local"
  config = {
    path = "other.tfstate"
  }
}
resource "terraform_data" "a" {
  input = 1
}
import {
  to = terraform_data.a
  id = data.terraform_remote_state.o.outputs.v
}
