resource "terraform_data" "a" {
  input = 1
  lifecycle {
    postcondition {
      condition     = self.output == 1
      error_message = "No."
    }
  }
}
resource "terraform_data" "dep" { input = terraform_data.a.id }
resource "terraform_data" "other" {}
