module "m" {
  source = "./m"
  n = module.m.o
}
