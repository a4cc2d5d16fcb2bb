variable "x" { default = "x" }
resource "terraform_data" "a" {
  input = 1
}
check "c" {
  assert {
    condition = tonumber(var.x) == 2
    error_message = "no"
  }
}
