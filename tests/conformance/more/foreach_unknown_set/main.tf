resource "terraform_data" "a" {}
resource "terraform_data" "e" { for_each = toset([terraform_data.a.id]) }
