resource "terraform_data" "a" { input = toset([1]) }
