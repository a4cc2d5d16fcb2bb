module "a" {
  source = "./m"
  n = module.b.o
}
module "b" {
  source = "./m"
  n = module.a.o
}
