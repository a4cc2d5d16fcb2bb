resource "terraform_data" "c" {
  input = 2
}
resource "terraform_data" "b" {
  lifecycle {
    replace_triggered_by = [terraform_data.c]
  }
}
moved {
  from = terraform_data.a
  to   = terraform_data.c
}
