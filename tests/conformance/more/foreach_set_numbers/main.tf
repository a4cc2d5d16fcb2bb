resource "terraform_data" "e" { for_each = toset([1,2]) }
