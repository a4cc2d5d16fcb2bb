variable "v" {}
module "b" {
  source = "./b"
  v = var.v * 2
}
output "o" { value = module.b.o }
