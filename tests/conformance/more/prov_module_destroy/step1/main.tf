module "m" {
  source = "./m"
  count  = 2
  name   = "n${count.index}"
}
