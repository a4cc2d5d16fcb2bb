resource "terraform_data" "e" { for_each = ["a"] }
