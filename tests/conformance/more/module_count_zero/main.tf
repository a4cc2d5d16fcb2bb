module "m" {
  source = "./m"
  count = 0
  n = count.index
}
output "x" { value = module.m[*].n }
