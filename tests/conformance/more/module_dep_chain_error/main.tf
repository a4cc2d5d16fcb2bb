variable "v" { default = {} }
module "a" {
  source = "./m"
  n = var.v.nope
}
module "b" {
  source = "./m"
  n = module.a.o
}
output "b" { value = module.b.o }
resource "terraform_data" "z" {}
