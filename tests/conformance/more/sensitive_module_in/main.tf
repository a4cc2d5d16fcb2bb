variable "s" {
  default = "x"
  sensitive = true
}
module "a" {
  source = "./m"
  n = var.s
}
output "o" { value = module.a.o }
