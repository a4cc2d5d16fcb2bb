variable "v" { default = "abc" }
module "m" {
  source = "./m"
  n = var.v
}
resource "terraform_data" "a" {}
