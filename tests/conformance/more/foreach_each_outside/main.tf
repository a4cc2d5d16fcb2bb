resource "terraform_data" "e" { input = each.key }
