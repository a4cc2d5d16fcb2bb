module "c" {
  source = "./c"
}
resource "terraform_data" "a" {
  input = 1
}
