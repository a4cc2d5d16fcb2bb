module "m" {
  source = "./m"
}
import {
  to = module.m.terraform_data.b
  id = "11111111-2222-4333-8444-555555555555"
}
