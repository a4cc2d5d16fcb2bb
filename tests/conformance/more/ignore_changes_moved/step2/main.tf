resource "terraform_data" "b" {
  input = 2
  lifecycle {
    ignore_changes = [input]
  }
}
moved {
  from = terraform_data.a
  to   = terraform_data.b
}
