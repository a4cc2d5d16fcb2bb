data "terraform_remote_state" "o" {
  backend = "local"
  config = "x"
}
