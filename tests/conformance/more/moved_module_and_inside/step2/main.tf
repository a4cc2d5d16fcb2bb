module "n" {
  source = "./m"
}
moved {
  from = module.m
  to   = module.n
}
moved {
  from = module.n.terraform_data.a
  to   = module.n.terraform_data.b
}
