resource "terraform_data" "e" { input = 1 }
resource "terraform_data" "f" { input = terraform_data.e.id }
