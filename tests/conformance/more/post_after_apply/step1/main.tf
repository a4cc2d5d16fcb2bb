resource "terraform_data" "a" {
  input = "x"
  lifecycle {
    postcondition {
      condition     = self.output == "y"
      error_message = "output is ${self.output}"
    }
  }
}
resource "terraform_data" "b" { input = terraform_data.a.output }
resource "terraform_data" "c" { input = "free" }
output "b" { value = terraform_data.b.output }
output "c" { value = terraform_data.c.output }
