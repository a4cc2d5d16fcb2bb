module "m" {
  source = "./m"
  for_each = { a = 1, b = 2 }
  n = each.value
}
output "x" { value = { for k, m in module.m : k => m.n } }
