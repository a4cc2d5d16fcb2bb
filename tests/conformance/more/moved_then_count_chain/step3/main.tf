resource "terraform_data" "c" {
  for_each = toset(["x"])
}
moved {
  from = terraform_data.b[1]
  to   = terraform_data.c["x"]
}
moved {
  from = terraform_data.a
  to   = terraform_data.b[1]
}
