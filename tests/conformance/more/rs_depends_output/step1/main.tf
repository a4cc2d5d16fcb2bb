module "m" {
  source = "./m"
}
data "terraform_remote_state" "o" {
  backend = "local"
  config = {
    path = "other.tfstate"
  }
  depends_on = [module.m]
}
output "v" { value = data.terraform_remote_state.o.outputs.v }
