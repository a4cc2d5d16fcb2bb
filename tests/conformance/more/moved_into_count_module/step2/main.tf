module "m" {
  source = "./m"
  count = 2
}
moved {
  from = terraform_data.a
  to   = module.m[1].terraform_data.a
}
