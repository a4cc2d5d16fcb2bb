terraform {
  backend "local" {
    path = "old.db"
  }
}
resource "terraform_data" "a" {
  input = sensitive("correct-horse")
}
output "o" {
  value     = terraform_data.a.output
  sensitive = true
}
