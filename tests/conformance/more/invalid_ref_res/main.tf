output "w" { value = terraform_data }
