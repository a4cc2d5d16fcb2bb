resource "terraform_data" "a" {
  input = 1
  lifecycle {
    precondition {
      condition = terraform_data.z.input == 1
      error_message = "z."
    }
  }
}
resource "terraform_data" "z" { input = 2 }
