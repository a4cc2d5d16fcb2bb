resource "terraform_data" "e" { for_each = sensitive({a=1}) }
