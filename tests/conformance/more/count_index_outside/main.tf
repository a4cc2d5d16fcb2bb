resource "terraform_data" "e" { input = count.index }
