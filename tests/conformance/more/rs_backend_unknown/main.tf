data "terraform_remote_state" "o" {
  backend = "nope"
}
