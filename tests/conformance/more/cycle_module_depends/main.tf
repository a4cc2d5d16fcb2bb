resource "terraform_data" "r" { input = module.m.o }
module "m" {
  source = "./m"
  depends_on = [terraform_data.r]
}
