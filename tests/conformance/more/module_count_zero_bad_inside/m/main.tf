resource "terraform_data" "r" { count = "x" }
