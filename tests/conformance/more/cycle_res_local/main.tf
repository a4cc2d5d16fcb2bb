resource "terraform_data" "a" { input = local.b }
locals { b = terraform_data.a.id }
