module "m" {
  source = "./m"
  n = "abc"
}
