resource "terraform_data" "a" {
  for_each = toset(["x", "y"])
}
moved {
  from = terraform_data.a["x"]
  to   = terraform_data.a["y"]
}
moved {
  from = terraform_data.a["y"]
  to   = terraform_data.a["x"]
}
