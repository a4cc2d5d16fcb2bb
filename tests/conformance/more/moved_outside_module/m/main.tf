resource "terraform_data" "a" {
  input = 1
}
moved {
  from = terraform_data.a
  to   = module.x.terraform_data.a
}
