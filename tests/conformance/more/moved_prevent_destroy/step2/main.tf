resource "terraform_data" "b" {
  lifecycle {
    prevent_destroy = true
  }
}
moved {
  from = terraform_data.a
  to   = terraform_data.b
}
