module "m" {
  source = "./m"
}
resource "terraform_data" "r" {
  input = 1
}
