resource "terraform_data" "a" {
  input = 1
}
module "m" {
  source = "./m"
  depends_on = [terraform_data.a]
}
output "v" { value = module.m.v }
