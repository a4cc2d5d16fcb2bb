module "a" {
  source = "./m"
  for_each = {x = 1, y = "q"}
  n = each.value
}
