module "m" {
  source = "./m"
  for_each = toset(["a", "c"])
}
moved {
  from = module.m["b"]
  to   = module.m["c"]
}
