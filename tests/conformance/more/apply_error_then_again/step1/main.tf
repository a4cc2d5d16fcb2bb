resource "terraform_data" "a" {
  input = 1
}
resource "terraform_data" "b" {
  input = terraform_data.a.id
  lifecycle {
    postcondition {
      condition = self.output == "x"
      error_message = "no"
    }
  }
}
resource "terraform_data" "c" {
  input = terraform_data.b.id
}
