module "a" {
  source = "./m"
  count = length(module.a)
}
