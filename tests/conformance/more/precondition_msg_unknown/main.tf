resource "terraform_data" "u" {}
variable "n" { default = 1 }
resource "terraform_data" "a" {
  lifecycle {
    precondition {
      condition = var.n == 2
      error_message = "u ${terraform_data.u.id}"
    }
  }
}
