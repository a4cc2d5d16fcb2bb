module "m" {
  source = "./m"
  count = 2
  n = count.index
}
output "x" { value = module.m[*].n }
output "y" { value = module.m[1].n }
