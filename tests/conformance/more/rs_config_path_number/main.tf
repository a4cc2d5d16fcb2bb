data "terraform_remote_state" "o" {
  backend = "local"
  config = { path = 5 }
}
