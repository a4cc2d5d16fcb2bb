resource "terraform_data" "e" { count = true }
