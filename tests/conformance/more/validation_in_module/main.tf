module "m" {
  source = "./m"
  n = 1
}
resource "terraform_data" "z" { input = module.m.o }
resource "terraform_data" "y" {}
