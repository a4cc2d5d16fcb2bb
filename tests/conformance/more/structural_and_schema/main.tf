resource "terraform_data" "a" { nope = 1 }
variable "v" { typo = string }
