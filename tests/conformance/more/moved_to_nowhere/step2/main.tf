resource "terraform_data" "x" {
  input = 1
}
moved {
  from = terraform_data.a
  to   = terraform_data.b
}
