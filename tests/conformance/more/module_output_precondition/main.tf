module "m" { source = "./m" }
resource "terraform_data" "a" { input = module.m.s }
resource "terraform_data" "b" {}
