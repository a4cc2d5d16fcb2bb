output "w" { value = foo }
