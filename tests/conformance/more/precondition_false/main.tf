variable "n" { default = 1 }
resource "terraform_data" "a" {
  input = 1
  lifecycle {
    precondition {
      condition     = var.n > 1
      error_message = "No."
    }
  }
}
resource "terraform_data" "dep" { input = terraform_data.a.id }
resource "terraform_data" "other" {}
