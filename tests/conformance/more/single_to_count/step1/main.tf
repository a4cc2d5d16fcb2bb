resource "terraform_data" "e" { input = 1 }
