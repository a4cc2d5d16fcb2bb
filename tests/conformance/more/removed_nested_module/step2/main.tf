module "m" {
  source = "./m"
}
removed {
  from = module.m.module.c
  lifecycle {
    destroy = false
  }
}
