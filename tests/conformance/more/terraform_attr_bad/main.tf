output "w" { value = terraform.nope }
