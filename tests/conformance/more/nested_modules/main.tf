module "a" {
  source = "./a"
  v = 2
}
output "o" { value = module.a.o }
