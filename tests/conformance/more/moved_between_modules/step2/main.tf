module "n" {
  source = "./m"
}
moved {
  from = module.m.terraform_data.a
  to   = module.n.terraform_data.a
}
