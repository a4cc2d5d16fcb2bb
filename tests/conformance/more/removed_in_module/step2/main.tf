module "m" {
  source = "./m"
}
removed {
  from = module.m.terraform_data.b
  lifecycle {
    destroy = false
  }
}
