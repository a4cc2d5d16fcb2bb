resource "terraform_data" "a" { input = 1 }
module "m" {
  source = "./m"
  n = terraform_data.a.output
}
