resource "terraform_data" "e" { count = sensitive(1) }
