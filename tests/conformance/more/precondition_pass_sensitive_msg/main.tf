variable "n" { default = 1 }
resource "terraform_data" "a" {
  lifecycle {
    precondition {
      condition = var.n == 1
      error_message = "x ${sensitive("s")}"
    }
  }
}
