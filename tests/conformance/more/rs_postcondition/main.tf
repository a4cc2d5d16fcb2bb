data "terraform_remote_state" "o" {
  backend = "local"
  config = {
    path = "other.tfstate"
  }
  lifecycle {
    postcondition {
      condition = self.outputs.v == "x"
      error_message = "no"
    }
  }
}
