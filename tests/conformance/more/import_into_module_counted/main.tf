module "m" {
  source = "./m"
  count = 2
}
import {
  to = module.m[1].terraform_data.a
  id = "11111111-2222-4333-8444-555555555555"
}
