resource "terraform_data" "a" {}
resource "terraform_data" "e" { count = length(terraform_data.a.id) }
resource "terraform_data" "z" {}
