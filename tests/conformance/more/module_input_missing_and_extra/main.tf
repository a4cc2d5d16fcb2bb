module "m" {
  source = "./m"
  x = 1
  y = 2
}
