resource "terraform_data" "a" {}
module "m" {
  source = "./m"
  for_each = toset([terraform_data.a.id])
}
